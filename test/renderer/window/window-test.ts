import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import type { Role } from '../../../src/shared/access/index.ts'
import type { WorkstationState } from '../../../src/shared/ipc/index.ts'
import { sessionOf } from './facts.ts'
import { createFakeWorkstation, type FakeWorkstation } from './fake-workstation.ts'
import { type OpenWindow, openWindow, startBrowser } from './open-window.ts'

/**
 * One browser for a test file, one window for each test. A window that reported a CSP violation or an error on its
 * console fails its test. Without `images` the study has none: drawing them is most of what a window costs here.
 */
export function windowTests({ images = true } = {}) {
  let started: Awaited<ReturnType<typeof startBrowser>>
  const windows: OpenWindow[] = []
  vi.setConfig({ testTimeout: 90_000 })
  beforeAll(async () => {
    started = await startBrowser()
  }, 120_000)
  afterAll(() => started?.close())
  afterEach(async () => {
    const problems = windows.flatMap((window) => window.problems)
    await Promise.all(windows.splice(0).map((window) => window.close()))
    expect(problems).toEqual([])
  })

  /** Opens the window; `prepare` sets the fake workstation up before the page asks it anything. */
  return async (
    state: WorkstationState,
    prepare: (workstation: FakeWorkstation) => void = () => undefined,
  ): Promise<{ page: Page; workstation: FakeWorkstation }> => {
    const workstation = createFakeWorkstation(state)
    if (!images) workstation.withoutImages()
    prepare(workstation)
    const window = await openWindow(started, workstation)
    windows.push(window)
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
