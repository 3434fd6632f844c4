import { writeFile } from 'node:fs/promises'
import { app, BrowserWindow, dialog, Menu, powerMonitor, View } from 'electron'
import { imagesWindowHears, imagesWindowQuery, imagesWindowServices } from '../images-window.ts'
import type { Shell, SystemSignal, WindowServices } from '../shell.ts'
import { serveContent } from './content-protocol.ts'
import { hardenSession, securePreferences } from './hardening.ts'
import { openImagesWindow } from './images-window.ts'
import { rendererUrl } from './origin.ts'
import { eventChannel, type ServedWindow, serveWindows } from './window-ipc.ts'

/** The product's window. `preload` is the built preload script. */
export function createElectronShell(options: { preload: string; packaged: boolean; demo: boolean }): Shell {
  const listeners = new Set<(signal: SystemSignal) => void>()
  let window: BrowserWindow | null = null
  let images: BrowserWindow | null = null
  let served: ServedWindow[] = []
  let services: WindowServices | null = null
  let blanked = false
  const covers = new Map<BrowserWindow, View>()
  const imagesListeners = new Set<(open: boolean) => void>()
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

  async function open(given: WindowServices): Promise<void> {
    services = given
    Menu.setApplicationMenu(null)
    serveContent(given.content)
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
    served = [{ window: opened, invoke: given.invoke }]
    serveWindows(() => served)
    // Whoever comes has come, whether or not the page still answers.
    opened.on('focus', () => attention(false))
    powerMonitor.on('lock-screen', () => signal('os-lock'))
    powerMonitor.on('suspend', () => signal('suspend'))
    powerMonitor.on('resume', () => signal('resume'))
    powerMonitor.on('shutdown', () => signal('quit'))
    opened.on('closed', () => {
      window = null
      images?.destroy()
      signal('quit')
    })
    opened.webContents.on('render-process-gone', () => void opened.loadURL(rendererUrl).catch(() => {}))
    await opened.loadURL(rendererUrl)
    opened.maximize()
    opened.show()
  }

  async function imagesWindow(wanted: boolean): Promise<void> {
    if (!wanted) {
      images?.destroy()
      return
    }
    if (images || !window || !services) return
    const opened = openImagesWindow(window, options)
    images = opened
    served = [...served, { window: opened, invoke: imagesWindowServices(services).invoke }]
    opened.on('closed', () => {
      images = null
      covers.delete(opened)
      served = served.filter((one) => one.window !== opened)
      for (const listener of imagesListeners) listener(false)
    })
    // One that opens while the screen is blanked begins covered.
    if (blanked) cover(opened)
    await opened.loadURL(`${rendererUrl}${imagesWindowQuery}`)
    if (opened.isDestroyed()) return
    opened.show()
    for (const listener of imagesListeners) listener(true)
  }

  function cover(covered: BrowserWindow): void {
    const view = covers.get(covered) ?? coverOf(covered)
    covers.set(covered, view)
    covered.contentView.addChildView(view)
  }

  async function uncover(covered: BrowserWindow): Promise<void> {
    const view = covers.get(covered)
    if (!view) return
    // Two frames later the page has drawn what it was told before; one that hangs stays covered.
    await covered.webContents.executeJavaScript(
      'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))',
    )
    if (!covered.isDestroyed() && !blanked) covered.contentView.removeChildView(view)
  }

  return {
    kind: 'electron',
    open,
    imagesWindow,
    imagesWindowIsOpen: () => images !== null,
    onImagesWindow: (listener) => void imagesListeners.add(listener),
    send(event) {
      if (window && !window.isDestroyed()) window.webContents.send(eventChannel, event)
      if (images && !images.isDestroyed() && imagesWindowHears(event))
        images.webContents.send(eventChannel, event)
    },
    async blank(now) {
      blanked = now
      const windows = [window, images].filter((each) => each !== null && !each.isDestroyed())
      if (now) for (const each of windows) cover(each as BrowserWindow)
      else await Promise.all(windows.map((each) => uncover(each as BrowserWindow)))
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
      images?.destroy()
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
