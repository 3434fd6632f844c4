import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { ensureRendererBuilt } from '../../../scripts/build-renderer.ts'
import {
  bridgeName,
  type IpcChannel,
  type IpcEvent,
  ipc,
  type WorkstationState,
} from '../../../src/shared/ipc/index.ts'
import { launchChromium } from '../../chromium.ts'
import { readBuilt, windowContent } from './content.ts'
import type { FakeWorkstation } from './fake-workstation.ts'

const built = join(import.meta.dirname, '../../../out/renderer')

/** Answered by interception, without a network: whatever else this machine does to its interfaces does not matter. */
const origin = 'https://window.vigil.test'

const viewport = { width: 1366, height: 768 }

/** Debian's Chromium, and the production build. It goes with this process, also where a test runner ends that by a signal. */
export async function startBrowser() {
  await ensureRendererBuilt()
  const files = readBuilt(built)
  const browser = await launchChromium({ handleSIGTERM: false })
  // Leaving is what makes playwright end the browser and remove its profile, at once: the runner does not wait long.
  process.once('SIGTERM', () => process.exit())
  return { browser, files, close: () => browser.close() }
}

export interface OpenWindow {
  page: Page
  /** Console errors, page errors and CSP violations so far; a test expects none. */
  problems: string[]
  /** Whoever is there goes, with their session and all that the window kept of it; only the loaded page stays. */
  leave(): Promise<void>
  /** After `leave`, as when another person comes: from here on the window is this workstation's. */
  turnTo(workstation: FakeWorkstation): Promise<void>
  close(): Promise<void>
}

/** Opens the window on a fake workstation. */
export async function openWindow(
  { browser, files }: { browser: Browser; files: ReadonlyMap<string, Buffer> },
  first: FakeWorkstation,
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

  let workstation = first
  let turns = 0
  /** No session has the id of one that was here before: by that the window tells them apart. */
  const ofThisTurn = (state: WorkstationState): WorkstationState =>
    'session' in state
      ? { ...state, session: { ...state.session, id: `${state.session.id}-${turns}` } }
      : state
  await page.exposeFunction('fakeInvoke', async (channel: IpcChannel, args: unknown) => {
    const answer = await workstation.invoke(channel, args)
    if (channel !== 'workstation.state' || !answer.ok) return answer
    return { ok: true, value: ofThisTurn(answer.value as WorkstationState) }
  })
  const names = Object.keys(ipc).map((channel) => [channel, bridgeName(channel)])
  await page.addInitScript(`{
    const listeners = new Set()
    window.fakeEmit = (event) => { for (const listen of listeners) listen(event) }
    window.vigil = { onEvent: (listen) => { listeners.add(listen); return () => listeners.delete(listen) } }
    for (const [channel, name] of ${JSON.stringify(names)}) window.vigil[name] = (args) => window.fakeInvoke(channel, args)
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error('CSP violation: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))
  }`)
  const emit = (event: IpcEvent) => {
    const given = event.kind === 'state' ? { ...event, state: ofThisTurn(event.state) } : event
    return page.evaluate(`window.fakeEmit?.(${JSON.stringify(given)})`)
  }
  const show = (state: WorkstationState) => emit({ kind: 'state', state })
  const follow = () => workstation.onEvent((event) => void emit(event).catch(() => undefined))
  follow()
  await page.goto(`${origin}/index.html`)

  return {
    page,
    problems,
    async leave() {
      await show({ phase: 'not-enrolled' })
      const language = await page.evaluate(`new Promise((found) => {
        const look = () =>
          document.querySelector('[data-testid=enrol]') ? found(document.documentElement.lang) : requestAnimationFrame(look)
        look()
      })`)
      workstation.onEvent(() => undefined)
      if (language !== 'zh-CN') await page.getByTestId('language').click()
      const { width } = page.viewportSize() ?? viewport
      if (width !== viewport.width) await page.setViewportSize(viewport)
      await page.mouse.move(-1, -1)
      await page.evaluate('localStorage.clear()')
    },
    async turnTo(next) {
      const state = await next.handlers['workstation.state'](undefined)
      workstation = next
      turns += 1
      // A screen that begins has not been there before.
      if (state.phase === 'not-enrolled') {
        await show({ phase: 'signed-out', ended: null })
        await page.getByTestId('sign-in').waitFor()
      }
      follow()
      await show(state)
    },
    close: () => context.close(),
  }
}
