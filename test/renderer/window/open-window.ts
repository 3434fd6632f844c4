import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { ensureRendererBuilt } from '../../../scripts/build-renderer.ts'
import { bridgeName, type IpcChannel, ipc } from '../../../src/shared/ipc/index.ts'
import { launchChromium } from '../../chromium.ts'
import { readBuilt, windowContent } from './content.ts'
import type { FakeWorkstation } from './fake-workstation.ts'

const built = join(import.meta.dirname, '../../../out/renderer')

/** Answered by interception, without a network: whatever else this machine does to its interfaces does not matter. */
const origin = 'https://window.vigil.test'

/** Debian's Chromium, and the production build. */
export async function startBrowser() {
  await ensureRendererBuilt()
  const files = readBuilt(built)
  const browser = await launchChromium()
  return { browser, files, close: () => browser.close() }
}

export interface OpenWindow {
  page: Page
  /** Console errors, page errors and CSP violations so far; a test expects none. */
  problems: string[]
  close(): Promise<void>
}

/** Opens the window on a fake workstation. */
export async function openWindow(
  { browser, files }: { browser: Browser; files: ReadonlyMap<string, Buffer> },
  workstation: FakeWorkstation,
  viewport = { width: 1366, height: 768 },
): Promise<OpenWindow> {
  const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  await context.route(`${origin}/**`, async (route) => {
    const path = decodeURIComponent(new URL(route.request().url()).pathname).slice(1)
    await route.fulfill(windowContent(files, path)).catch(() => undefined)
  })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.exposeFunction('fakeInvoke', (channel: IpcChannel, args: unknown) =>
    workstation.invoke(channel, args),
  )
  const names = Object.keys(ipc).map((channel) => [channel, bridgeName(channel)])
  await page.addInitScript(`{
    const listeners = new Set()
    window.fakeEmit = (event) => { for (const listen of listeners) listen(event) }
    window.vigil = { onEvent: (listen) => { listeners.add(listen); return () => listeners.delete(listen) } }
    for (const [channel, name] of ${JSON.stringify(names)}) window.vigil[name] = (args) => window.fakeInvoke(channel, args)
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error('CSP violation: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))
  }`)
  workstation.onEvent((event) => {
    page.evaluate(`window.fakeEmit?.(${JSON.stringify(event)})`).catch(() => undefined)
  })
  await page.goto(`${origin}/index.html`)
  return { page, problems, close: () => context.close() }
}
