import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import type { RandomBytes } from '../../shared/time/clock.ts'
import { imagesWindowHears, imagesWindowQuery, imagesWindowServices } from '../images-window.ts'
import type { Shell, SystemSignal, WindowServices } from '../shell.ts'
import { installBridge, type PageBridge } from './bridge.ts'
import { writeExport } from './exports.ts'
import { browserFlags, type WindowOptions } from './flags.ts'
import { createImagesPage } from './images-page.ts'
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
  let services: WindowServices | null = null
  const images = createImagesPage()
  let blanked = false
  let profile = ''
  let closing = false

  const signal = (what: SystemSignal) => {
    for (const listen of listeners) listen(what)
  }

  async function open(given: WindowServices): Promise<void> {
    services = given
    listener = await startListener(given.content, options.random)
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
    // Whatever page comes that is not the one for images goes.
    context.on('page', async (other) => {
      if (!(await images.isOwn(other))) await other.close().catch(() => {})
    })
    for (const other of context.pages()) if (other !== window) await other.close()
    bridge = await installBridge(window, given.invoke, base)
    keepAt(window, base, base, () => closing)
    window.on('close', () => {
      if (!closing) signal('quit')
    })
    await window.goto(base, { waitUntil: 'load' })
  }

  return {
    kind: 'chromium',
    open,
    async imagesWindow(wanted) {
      if (!wanted) return images.close()
      if (!context || !listener || !services) return
      const { base } = listener
      const { invoke } = imagesWindowServices(services)
      await images.open(context, async (opened) => {
        const its = await installBridge(opened, invoke, base)
        keepAt(opened, base, `${base}${imagesWindowQuery}`, () => closing)
        await opened.goto(`${base}${imagesWindowQuery}`, { waitUntil: 'load' })
        // One that opens while the screen is blanked is blank.
        if (blanked) await opened.evaluate(hide)
        return its
      })
    },
    imagesWindowIsOpen: images.isOpen,
    onImagesWindow: images.onChange,
    send(event) {
      bridge?.send(event)
      if (imagesWindowHears(event)) images.bridge()?.send(event)
    },
    async blank(now) {
      blanked = now
      const pages = [page, images.page()].filter((each) => each !== null && !each.isClosed())
      await Promise.all(pages.map((each) => each?.evaluate(now ? hide : show)))
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

/** A page stays at its own address: it is brought back from any other, and loaded again after a crash. */
function keepAt(page: Page, base: string, address: string, isClosing: () => boolean): void {
  page.on('dialog', (dialog) => void dialog.dismiss().catch(() => {}))
  page.on('framenavigated', (frame) => {
    const away = frame === page.mainFrame() && !frame.url().startsWith(base)
    if (away && !isClosing()) void page.goto(address).catch(() => {})
  })
  page.on('crash', () => void page.goto(address).catch(() => {}))
}

// In the page. Transparent, not hidden: a field of the lock screen can take the focus before it is seen.
const hide = "document.documentElement.style.setProperty('opacity', '0', 'important')"

/** After two frames the page has drawn whatever it was told before; a page that hangs stays blank. */
const show = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
  document.documentElement.style.removeProperty('opacity')
  resolve()
})))`
