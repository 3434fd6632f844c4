import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { noChromium } from '../../chromium.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

/** What the first pane says of its zoom, in percent. */
const zoom = (page: Page) =>
  page.evaluate(
    `Number(/缩放 (\\d+)%/.exec(document.querySelector('.vigil-viewer-panes').innerText)?.[1] ?? 0)`,
  ) as Promise<number>

describe.skipIf(noChromium)('the size of the panes', () => {
  const open = windowTests()

  it('refits the image to a narrower pane and back', async () => {
    const { page } = await open(activeAs('radiologist'))
    await openFirstStudy(page)
    await page.locator('[data-viewport-state=loaded]').first().waitFor()
    await eventually(() => zoom(page)).toBeGreaterThan(0)
    const alone = await zoom(page)
    const layout = async (size: string) => {
      await page.getByTestId('layout-menu').click()
      await page.locator(`[data-grid="${size}"]`).click()
    }
    await layout('1x2')
    // Half the width: the image would be cut at both sides if it kept its size.
    await eventually(() => zoom(page)).toBeLessThan(alone * 0.7)
    await layout('1x1')
    await eventually(() => zoom(page)).toBe(alone)
    expect(await page.locator('[data-viewport-state=loaded]').count()).toBe(1)
  })
})
