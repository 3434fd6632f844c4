import type { Page } from 'playwright-core'
import { z } from 'zod'
import { slices } from './ct-studies.ts'

/** What one opening of a study showed, in the page's own time. */
export const Opening = z.object({
  /** From the click to the frame of the screen in which the first image is reported shown, ms. */
  first: z.number(),
  /** To the one in which the whole series is loaded, ms. */
  all: z.number(),
  /** Frames of the screen in a second from the first image to the last, and the longest time without one, ms. */
  perSecond: z.number(),
  longest: z.number(),
})
export type Opening = z.infer<typeof Opening>

export interface OpeningOptions {
  scroll?: boolean
  until?: 'first' | 'all' | 'planes'
}

/**
 * Clicks in the page and looks at each frame of the screen, so that no round trip to this process is in the time. `scroll`: the
 * wheel turns by one image in each frame of the screen while the series loads. `until` the first image is enough for some; for
 * `planes` the three planes are asked for at the first image, and `all` is when they have been drawn with every slice in them.
 */
export async function opening(
  page: Page,
  selector: string,
  event: 'click' | 'dblclick',
  options: OpeningOptions = {},
): Promise<Opening> {
  await page.locator(selector).waitFor()
  const { scroll = false, until = 'all' } = options
  return Opening.parse(
    await page.evaluate(`(${inPage})(${JSON.stringify({ selector, event, slices, scroll, until })})`),
  )
}

const inPage = `({ selector, event, slices, scroll, until }) => new Promise((resolve, reject) => {
  const shown = '.vigil-viewer-pane[data-viewport-state="loaded"]'
  const planes = ['axial', 'coronal', 'sagittal'].map((one) =>
    '.vigil-viewer-pane[data-shown-as="mpr-' + one + '"][data-viewport-state="loaded"]')
  const loaded = '[data-display-set][data-images-loaded="' + slices + '"]'
  const began = performance.now()
  let first = null
  let before = 0
  let frames = 0
  let longest = 0
  let whole = 0
  // Planes are drawn in the frame after the one in which their last slice came.
  const isWhole = () => {
    const there = (until !== 'planes' || planes.every((plane) => document.querySelector(plane)))
    whole = there && document.querySelector(loaded) ? whole + 1 : 0
    return whole > (until === 'planes' ? 2 : 0)
  }
  const turn = () => {
    const pane = document.querySelector('.vigil-viewer-pane canvas')
    const init = { deltaY: Math.floor(frames / (slices - 20)) % 2 === 0 ? 100 : -100, bubbles: true, cancelable: true }
    pane?.dispatchEvent(new WheelEvent('wheel', init))
  }
  const look = () => {
    const now = performance.now() - began
    if (first === null && document.querySelector(shown)) {
      first = before = now
      if (until === 'planes') document.querySelector('[data-testid=volume-planes]').click()
    }
    else if (first !== null) {
      frames += 1
      longest = Math.max(longest, now - before)
      before = now
      if (scroll) turn()
    }
    if (first !== null && (until === 'first' || isWhole()))
      resolve({ first, all: now, perSecond: (1000 * frames) / Math.max(1, now - first), longest })
    else if (now > 60000) {
      const panes = [...document.querySelectorAll('.vigil-viewer-pane')].map((pane) =>
        [pane.dataset.viewportState, pane.dataset.problem, pane.dataset.problemDetail].filter(Boolean).join(' '))
      const said = document.querySelector('[role=alert]')?.textContent ?? ''
      const what = first === null ? 'no image within 60 s' : 'series not loaded within 60 s'
      reject(new Error(what + '; panes: ' + (panes.join(', ') || 'none') + '; said: ' + said.slice(0, 200)))
    }
    else requestAnimationFrame(look)
  }
  document.querySelector(selector).dispatchEvent(new MouseEvent(event, { bubbles: true, cancelable: true }))
  requestAnimationFrame(look)
})`
