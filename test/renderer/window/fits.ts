import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Fails where the page, its panel or its dialog is wider than the place it has, or a button's words are cut. */
export async function fits(page: Page): Promise<void> {
  const cut = await page.evaluate(`[
    document.documentElement,
    ...document.querySelectorAll('.entry, .entry-panel, .ant-modal-container, .header, .notice, .entry button, .ant-modal button'),
  ].filter((element) => element.scrollWidth > element.clientWidth + 1)
   .map((element) => element.className || element.tagName)`)
  expect(cut).toEqual([])
}
