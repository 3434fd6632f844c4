import type { Page } from 'playwright-core'

/**
 * What of the screen as it stands cannot be reached or read: buttons and fields that lie outside of the window or are cut by the bar that
 * holds them, bars that are wider than their place. Empty where all is well. Lists that scroll are not meant.
 */
export const unreachable = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const bars = [...document.querySelectorAll(
      '.header, .view-bar, .filter-bar, .exam-strip, .vigil-viewer-toolbar, .report-tools, .report-foot, .standing-line',
    )].filter((bar) => bar.checkVisibility())
    const name = (element) => element.dataset.testid || element.getAttribute('aria-label') || element.className || element.tagName
    const wide = bars.filter((bar) => bar.scrollWidth > bar.clientWidth + 1 || bar.scrollHeight > bar.clientHeight + 1)
      .map((bar) => 'overflows: ' + bar.className)
    const cut = bars.flatMap((bar) => {
      const place = bar.getBoundingClientRect()
      return [...bar.querySelectorAll('button, select, input')]
        .filter((one) => one.checkVisibility({ visibilityProperty: true }))
        .filter((one) => !one.closest('[popover]'))
        .filter((one) => {
          const { left, right, top, bottom, width } = one.getBoundingClientRect()
          return width > 0 && (left < place.left - 1 || right > place.right + 1 || top < -1 || bottom > innerHeight + 1 || right > innerWidth + 1)
        })
        .map((one) => 'cut: ' + name(one))
    })
    const low = [...document.querySelectorAll('.section-editor')].filter((one) => one.clientHeight < 48).map(() => 'no room to write')
    const page = document.documentElement
    const scrolls = page.scrollWidth > innerWidth || page.scrollHeight > innerHeight ? ['the page scrolls'] : []
    return [...wide, ...cut, ...low, ...scrolls]
  })()`)

/** The screens that a reading room has. */
export const screens = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
  { width: 2560, height: 1440 },
  { width: 1536, height: 2048 },
] as const

/** The same on each of these screens; ends on the one it began with. */
export async function unreachableOnAnyScreen(page: Page): Promise<Record<string, string[]>> {
  const before: { width: number; height: number } = await page.evaluate(
    '({ width: innerWidth, height: innerHeight })',
  )
  const found: Record<string, string[]> = {}
  for (const screen of [...screens, before]) {
    await page.setViewportSize(screen)
    // Laid out anew, and what follows a change of size has followed it.
    await page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))',
    )
    const here = await unreachable(page)
    if (here.length > 0) found[`${screen.width}x${screen.height}`] = here
  }
  return found
}
