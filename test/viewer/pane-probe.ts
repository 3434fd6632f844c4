import type { Page } from 'playwright-core'

/** What a pane says of itself (src/renderer/viewer/parts/probe.ts). */
export interface PaneProbe {
  viewportState: string
  problem?: string
  problemDetail?: string
  sopInstanceUid?: string
  /** Counted from 1. */
  frame?: string
  imageIndex?: string
  imageCount?: string
  transferSyntax?: string
  pixelMin?: string
  pixelMax?: string
  pixelMean?: string
  /** Comma-separated. */
  pixelChannelMeans?: string
  windowCentre?: string
  windowWidth?: string
}

export function paneAt(page: Page, number = 1) {
  return page.locator('.vigil-viewer-pane').nth(number - 1)
}

export async function probePane(page: Page, number = 1): Promise<PaneProbe> {
  return paneAt(page, number).evaluate((element) => {
    const { dataset } = element as unknown as { dataset: Record<string, string> }
    return { ...dataset } as unknown as PaneProbe
  })
}

/** Waits until the pane is at rest: loaded, failed, or without pixels. */
export async function settled(page: Page, number = 1): Promise<PaneProbe> {
  const selector = ['loaded', 'failed', 'no-pixels'].map((state) => `[data-viewport-state="${state}"]`)
  await paneAt(page, number)
    .and(page.locator(selector.join(',')))
    .waitFor({ timeout: 20_000 })
  return probePane(page, number)
}

export async function violations(page: Page): Promise<string[]> {
  return page.evaluate('window.page.violations')
}
