import { writeFile } from 'node:fs/promises'
import { app, BrowserWindow, dialog, Menu, powerMonitor, View } from 'electron'
import type { Shell, SystemSignal, WindowServices } from '../shell.ts'
import { serveContent } from './content-protocol.ts'
import { hardenSession, securePreferences } from './hardening.ts'
import { rendererUrl } from './origin.ts'
import { eventChannel, serveWindow } from './window-ipc.ts'

/** The product's window. `preload` is the built preload script. */
export function createElectronShell(options: { preload: string; packaged: boolean; demo: boolean }): Shell {
  const listeners = new Set<(signal: SystemSignal) => void>()
  let window: BrowserWindow | null = null
  let cover: View | null = null
  let bounce: number | null = null

  const signal = (what: SystemSignal) => {
    for (const listener of listeners) listener(what)
  }

  function attention(on: boolean): void {
    if (!window || window.isDestroyed()) return
    // A window in use needs no calling, and a flash that began there would go on after it is left.
    window.flashFrame(on && !window.isFocused())
    if (bounce !== null) app.dock?.cancelBounce(bounce)
    bounce = on && !window.isFocused() ? (app.dock?.bounce('critical') ?? null) : null
  }

  async function open(services: WindowServices): Promise<void> {
    Menu.setApplicationMenu(null)
    serveContent(services.content)
    const opened = new BrowserWindow({
      width: 1600,
      height: 1000,
      minWidth: 1280,
      minHeight: 720,
      show: false,
      backgroundColor: '#000000',
      webPreferences: securePreferences(options.preload, options.packaged),
    })
    window = opened
    hardenSession(opened.webContents.session)
    // Screen capture and screen sharing get black. The demo is for being shown.
    opened.setContentProtection(!options.demo)
    serveWindow(opened, services.invoke)
    // Whoever comes has come, whether or not the page still answers.
    opened.on('focus', () => attention(false))
    powerMonitor.on('lock-screen', () => signal('os-lock'))
    powerMonitor.on('suspend', () => signal('suspend'))
    powerMonitor.on('resume', () => signal('resume'))
    powerMonitor.on('shutdown', () => signal('quit'))
    opened.on('closed', () => {
      window = null
      signal('quit')
    })
    opened.webContents.on('render-process-gone', () => void opened.loadURL(rendererUrl).catch(() => {}))
    await opened.loadURL(rendererUrl)
    opened.maximize()
    opened.show()
  }

  return {
    kind: 'electron',
    open,
    send(event) {
      if (window && !window.isDestroyed()) window.webContents.send(eventChannel, event)
    },
    async blank(blanked) {
      if (!window || window.isDestroyed()) return
      cover ??= coverOf(window)
      if (blanked) {
        window.contentView.addChildView(cover)
        return
      }
      // Two frames later the page has drawn what it was told before; one that hangs stays covered.
      await window.webContents.executeJavaScript(
        'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))',
      )
      if (!window.isDestroyed()) window.contentView.removeChildView(cover)
    },
    attention,
    idleMs: () => powerMonitor.getSystemIdleTime() * 1_000,
    async saveFile(fileName, content, signal) {
      if (!window || window.isDestroyed()) return null
      const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: fileName })
      if (canceled || filePath === '' || signal.aborted) return null
      await writeFile(filePath, content, { mode: 0o600, flush: true })
      return filePath
    },
    async pdf() {
      if (!window || window.isDestroyed()) throw new Error('the window is not open')
      return window.webContents.printToPDF({ printBackground: true, preferCSSPageSize: true })
    },
    print() {
      const printed = Promise.withResolvers<void>()
      if (!window || window.isDestroyed()) throw new Error('the window is not open')
      // Called off counts as done: it was the user's own wish, and printers say too little of the rest.
      window.webContents.print({ printBackground: true }, () => printed.resolve())
      return printed.promise
    },
    onSignal: (listener) => void listeners.add(listener),
    async close() {
      window?.destroy()
      app.quit()
    },
  }
}

/** A black view over the page, drawn by the browser process: it does not wait for the renderer. */
function coverOf(window: BrowserWindow): View {
  const view = new View()
  view.setBackgroundColor('#000000')
  const resize = () => {
    const { width, height } = window.getContentBounds()
    view.setBounds({ x: 0, y: 0, width, height })
  }
  resize()
  window.on('resize', resize)
  return view
}
