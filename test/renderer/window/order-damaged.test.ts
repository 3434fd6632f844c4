import { describe, expect, it } from 'vitest'
import { noChromium } from '../../chromium.ts'
import { fits } from './fits.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

describe.skipIf(noChromium)('an exam whose order cannot be read', () => {
  const open = windowTests({ images: false })
  const shots = process.env.VIGIL_SHOTS

  it('opens with the facts of its images, and says so over the report and at sign-off', async () => {
    const { page } = await open(activeAs('radiologist'), (fake) => {
      const known = fake.handlers['study.open']
      fake.handlers['study.open'] = async (args) => ({
        ...(await known(args)),
        order: null,
        orderDamaged: true,
      })
      fake.prepare({ orderDamaged: true })
    })
    await openFirstStudy(page)
    await eventually(() => page.getByTestId('order-damaged').textContent()).toContain('检查申请已损坏')
    expect(await page.getByTestId('exam-facts').textContent()).not.toContain('没有对应的检查申请')
    await page.getByTestId('editor-findings').click()
    await page.keyboard.insertText('左侧张力性气胸。')
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('hand-go').click()
    await page.getByTestId('sign-off-form').waitFor()
    await eventually(() => page.getByTestId('sign-off-order-damaged').textContent()).toContain('核对后填写')
    for (const size of [
      { width: 1366, height: 768 },
      { width: 1920, height: 1080 },
    ]) {
      await page.setViewportSize(size)
      await page.waitForTimeout(300)
      await fits(page)
      if (shots) await page.screenshot({ path: `${shots}/order-damaged-${size.width}.png` })
    }
  })
})
