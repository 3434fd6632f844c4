import { type Browser, chromium, type Page } from 'playwright-core'
import { freePorts, isListening } from '../../demo/ports.ts'
import { type Running, startChromiumWorkstation, startElectronWorkstation } from '../../demo/processes.ts'

/** Which shell the tests run against; `VIGIL_SHELL=electron` where the Electron runtime is installed. */
export const shellUnderTest = process.env.VIGIL_SHELL === 'electron' ? 'electron' : 'chromium'

/** A running workstation, and its window as a test drives it. */
export interface OpenWindow {
  page: Page
  process: Running
  /** What the page said that it should not have: console errors, uncaught errors, CSP violations. */
  complaints: string[]
  close(): Promise<void>
}

/**
 * Complaints but for one kind: the browser tells of each image that was under way when a session was locked or ended, or an exam
 * closed to its reader. It was refused, as it must be.
 */
export function complaintsBeyondCutOff(...windows: OpenWindow[]): string[] {
  const cutOff = /^Failed to load resource: .* status of (403|502)/
  return windows.flatMap(({ complaints }) => complaints).filter((said) => !cutOff.test(said))
}

/** Starts a workstation without a display and attaches to its window. */
export async function openWindow(
  configFile: string,
  options: { env?: NodeJS.ProcessEnv; screen?: string } = {},
): Promise<OpenWindow> {
  const [port] = (await freePorts(1)) as [number]
  const env = { ...process.env, ...options.env }
  const running =
    shellUnderTest === 'electron'
      ? await startElectronWorkstation(configFile, [`--remote-debugging-port=${port}`], env)
      : await startChromiumWorkstation(
          configFile,
          [
            '--headless',
            '--debug-port',
            String(port),
            ...(options.screen ? ['--screen', options.screen] : []),
          ],
          env,
        )
  try {
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    const page = await productPage(browser)
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.setDefaultTimeout(20_000)
    return {
      page,
      process: running,
      complaints,
      async close() {
        await browser.close().catch(() => {})
        await running.stop()
      },
    }
  } catch (error) {
    await running.stop()
    throw error
  }
}

/** The window's page: the one that has the bridge. */
async function productPage(browser: Browser): Promise<Page> {
  for (const end = Date.now() + 15_000; Date.now() < end; ) {
    for (const page of browser.contexts().flatMap((context) => context.pages())) {
      if (await page.evaluate(() => 'vigil' in globalThis).catch(() => false)) return page
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('no window with the bridge came up')
}

/** Waits until something listens on a loopback port: the gateway opens its enrolment listener within a second of a code. */
export async function listening(port: number): Promise<void> {
  for (const end = Date.now() + 5000; Date.now() < end; ) {
    if (await isListening(port)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`nothing listens on ${port}`)
}
