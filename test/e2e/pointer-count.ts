import type { Page } from 'playwright-core'

/** What a page has been told by a mouse, a pen or a finger since `countPointer`. */
export interface PointerCount {
  /** Presses. */
  pressed: number
  /** Moves, turns of the wheel, and clicks that a pointer made: a button that Enter presses is clicked too, but not by one. */
  other: number
}

/** Begins to count pointer events in the page; a page that is loaded anew is not counted on. */
export const countPointer = (page: Page): Promise<void> =>
  page.evaluate(`{
    const count = { pressed: 0, other: 0 }
    globalThis.pointerCount = count
    const listen = (type, as) => addEventListener(type, (event) => {
      if (type !== 'click' || event.pointerType) count[as] += 1
    }, { capture: true, passive: true })
    listen('pointerdown', 'pressed')
    for (const type of ['pointermove', 'wheel', 'click', 'dblclick', 'dragstart', 'touchstart']) listen(type, 'other')
  }`)

/** @throws where the page was loaded anew since. */
export const pointerCount = (page: Page): Promise<PointerCount> =>
  page.evaluate('({ ...(globalThis.pointerCount ?? (() => { throw new Error("loaded anew") })()) })')
