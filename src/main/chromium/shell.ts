import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import type { RandomBytes } from '../../shared/time/clock.ts'
import type { Shell, SystemSignal, WindowServices } from '../shell.ts'
import { installBridge, type PageBridge } from './bridge.ts'
import { writeExport } from './exports.ts'
import { browserFlags, type WindowOptions } from './flags.ts'
import { type Listener, startListener } from './listener.ts'

export interface ChromiumShellOptions extends WindowOptions {
  browser: string
  random: RandomBytes
  /** Where files go that the user saves: this shell has no dialog. */
  exportsDir: string
}

/**
 * The workstation's window in an installed Chromium: for trying the product and for end-to-end tests. It cannot see
 * the system's lock, suspend or idle time, and does not protect the window's content from screen capture.
 */
export function createChromiumShell(options: ChromiumShellOptions): Shell {
  const listeners = new Set<(signal: SystemSignal) => void>()
  let context: BrowserContext | null = null
  let page: Page | null = null
  let bridge: PageBridge | null = null
  let listener: Listener | null = null
  let profile = ''
  let closing = false

  const signal = (what: SystemSignal) => {
    for (const listen of listeners) listen(what)
  }

  async function open(services: WindowServices): Promise<void> {
    listener = await startListener(services.content, options.random)
    const { base } = listener
    profile = await mkdtemp(join(tmpdir(), 'vigil-window-'))
    const machine = {
      root: process.getuid?.() === 0,
      gpu: existsSync('/dev/dri') || process.platform !== 'linux',
    }
    context = await chromium.launchPersistentContext(profile, {
      executablePath: options.browser,
      headless: options.headless,
      args: browserFlags(options, machine),
      // Playwright disables parts of the sandbox by itself unless told not to.
      chromiumSandbox: !machine.root,
      viewport: null,
      acceptDownloads: false,
      permissions: [],
      serviceWorkers: 'block',
      locale: 'zh-CN',
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    })
    const [window = await context.newPage()] = context.pages()
    page = window
    context.on('page', (other) => void other.close().catch(() => {}))
    for (const other of context.pages()) if (other !== window) await other.close()
    bridge = await installBridge(window, services.invoke, base)
    window.on('dialog', (dialog) => void dialog.dismiss().catch(() => {}))
    window.on('framenavigated', (frame) => {
      const away = frame === window.mainFrame() && !frame.url().startsWith(base)
      if (away && !closing) void window.goto(base).catch(() => {})
    })
    window.on('crash', () => void window.goto(base).catch(() => {}))
    window.on('close', () => {
      if (!closing) signal('quit')
    })
    await window.goto(base, { waitUntil: 'load' })
  }

  return {
    kind: 'chromium',
    open,
    send: (event) => bridge?.send(event),
    async blank(blanked) {
      if (!page || page.isClosed()) return
      await page.evaluate(blanked ? hide : show)
    },
    // A page cannot ask the task bar for anything; what this shell has is the mark in the title, which the page sets itself.
    attention: () => {},
    idleMs: () => null,
    saveFile: async (fileName, content, signal) =>
      signal.aborted ? null : writeExport(options.exportsDir, fileName, content),
    async pdf() {
      if (!page || page.isClosed()) throw new Error('the window is not open')
      // Not page.pdf(): that is for headless windows only.
      const session = await page.context().newCDPSession(page)
      try {
        const { data } = await session.send('Page.printToPDF', {
          printBackground: true,
          preferCSSPageSize: true,
        })
        return Buffer.from(data, 'base64')
      } finally {
        await session.detach().catch(() => {})
      }
    },
    async print() {
      if (!page || page.isClosed()) throw new Error('the window is not open')
      await page.evaluate('window.print()')
    },
    onSignal: (listen) => void listeners.add(listen),
    async close() {
      closing = true
      await context?.close().catch(() => {})
      await listener?.close()
      if (profile) await rm(profile, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
    },
  }
}

// In the page. Transparent, not hidden: a field of the lock screen can take the focus before it is seen.
const hide = "document.documentElement.style.setProperty('opacity', '0', 'important')"

/** After two frames the page has drawn whatever it was told before; a page that hangs stays blank. */
const show = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
  document.documentElement.style.removeProperty('opacity')
  resolve()
})))`
