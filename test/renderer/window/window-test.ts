import type { Page } from 'playwright-core'
import { afterEach, beforeAll, expect, vi } from 'vitest'
import type { Role } from '../../../src/shared/access/index.ts'
import type { WorkstationState } from '../../../src/shared/ipc/index.ts'
import { sessionOf } from './facts.ts'
import { createFakeWorkstation, type FakeWorkstation } from './fake-workstation.ts'
import { type OpenWindow, openWindow, startBrowser } from './open-window.ts'

type Started = Awaited<ReturnType<typeof startBrowser>>

/** Of this process, hence of all test files that run in it: a browser, and the windows that nobody is using. */
const atHand: { started: Promise<Started> | null; windows: OpenWindow[] } = { started: null, windows: [] }

const start = () => {
  atHand.started ??= startBrowser()
  return atHand.started
}

/**
 * A window that goes from test to test: each finds a session that has just begun, and nothing of those before. A test
 * that fails takes its window along, so that the next try has a new one. A window that reported a CSP violation or an
 * error on its console fails its test. Without `images` the study has none: drawing them is most of what a window costs here.
 */
export function windowTests({ images = true } = {}) {
  const inUse: OpenWindow[] = []
  vi.setConfig({ testTimeout: 90_000 })
  beforeAll(start, 120_000)
  afterEach(async ({ task }) => {
    const used = inUse.splice(0)
    const failed = task.result?.state === 'fail'
    if (!failed) await Promise.all(used.map((window) => window.leave()))
    const problems = used.flatMap((window) => window.problems.splice(0))
    if (failed || problems.length > 0) await Promise.all(used.map((window) => window.close()))
    else atHand.windows.push(...used)
    expect(problems, problems.join('\n')).toEqual([])
  })

  /** Opens the window; `prepare` sets the fake workstation up before the page asks it anything. */
  return async (
    state: WorkstationState,
    prepare: (workstation: FakeWorkstation) => void = () => undefined,
  ): Promise<{ page: Page; workstation: FakeWorkstation }> => {
    const workstation = createFakeWorkstation(state)
    if (!images) workstation.withoutImages()
    prepare(workstation)
    const left = atHand.windows.pop()
    await left?.turnTo(workstation)
    const window = left ?? (await openWindow(await start(), workstation))
    inUse.push(window)
    return { page: window.page, workstation }
  }
}

export function activeAs(role: Role, name = '李明华'): WorkstationState {
  return { phase: 'active', session: sessionOf(role, name, Date.now()) }
}

/** From the worklist into the study that the harness has images for: the first of the list. */
export async function openFirstStudy(page: Page): Promise<void> {
  await page.getByTestId('worklist-row').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByTestId('reading-room').waitFor()
}

/** Waits for a value to come about; a busy machine takes its time. */
export function eventually<T>(look: () => T) {
  return expect.poll(look, { timeout: 15_000 })
}
