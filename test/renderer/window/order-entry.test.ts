import { describe, expect, it } from 'vitest'
import { noChromium } from '../../chromium.ts'
import { order, worklist } from './facts.ts'
import { fits } from './fits.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

describe.skipIf(noChromium)('orders typed in by a technologist', () => {
  const open = windowTests()
  const shots = process.env.VIGIL_SHOTS
  const withoutOrder = (long = false) =>
    worklist(Date.now()).map((row, n) =>
      n === 0
        ? {
            ...row,
            patientClass: '',
            orderingDepartment: '',
            ward: '',
            bed: '',
            patientName: long ? '阿卜杜热合曼·买买提伊敏·吐尔逊江' : row.patientName,
          }
        : row,
    )

  it('for images without one: the facts of the images are there, the rest is typed, the keyboard is enough', async () => {
    const rows = withoutOrder()
    const { page, workstation } = await open(activeAs('technologist', '赵技师'), (fake) => {
      fake.handlers['worklist.list'] = () => ({
        rows,
        offset: 0,
        total: rows.length,
        revision: 1,
        broken: [],
      })
      fake.handlers['order.enter'] = () => ({ outcome: 'added' })
    })
    await page.getByTestId('exam-row').first().waitFor()
    await eventually(() => page.getByTestId('order-for-study').count()).toBe(1)
    if (shots) await page.screenshot({ path: `${shots}/list.png` })
    await page.getByTestId('order-for-study').click()
    await page.getByTestId('order-patientId').waitFor()
    expect(await page.getByTestId('order-accessionNumber').inputValue()).toBe(rows[0]!.accessionNumber)
    expect(await page.getByTestId('order-patientName').inputValue()).toBe(rows[0]!.patientName)
    expect(await page.getByTestId('order-birthDate').inputValue()).toMatch(/^\d{8}$/)
    for (const size of [
      { width: 1366, height: 768 },
      { width: 1920, height: 1080 },
    ]) {
      await page.setViewportSize(size)
      await page.waitForTimeout(300)
      await fits(page)
      if (shots) await page.screenshot({ path: `${shots}/for-images-${size.width}.png` })
    }
    expect(await page.getByTestId('action-submit').isDisabled()).toBe(true)
    await page.getByTestId('order-patientClass').getByText('住院').click()
    await page.getByTestId('order-ward').fill('神经外科')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    await page.keyboard.type('12')
    await page.keyboard.press('Enter')
    await eventually(() => workstation.callsOf('order.enter').length).toBe(1)
    expect(workstation.callsOf('order.enter')[0]?.args).toMatchObject({
      accessionNumber: rows[0]!.accessionNumber,
      studyInstanceUid: rows[0]!.studyInstanceUid,
      ward: '神经外科',
      bed: '12',
      patientClass: 'inpatient',
    })
    await page.getByText('已登记').waitFor()
    await eventually(() => page.getByTestId('order-patientId').count()).toBe(0)
  })

  it('for a new exam: says field by field what is wrong, and does not send it', async () => {
    const { page, workstation } = await open(activeAs('technologist', '赵技师'), (fake) => {
      fake.handlers['order.enter'] = () => fake.fail('conflict', { field: 'accessionNumber' })
    })
    await page.getByTestId('exam-row').first().waitFor()
    await page.getByTestId('order-enter').click()
    await page.getByTestId('order-patientId').waitFor()
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('order-patientId')
    await page.keyboard.type('P1')
    await page.getByTestId('order-patientName').fill('张伟')
    await page.getByTestId('order-birthDate').fill('1980-13-45')
    await page.getByTestId('order-itemName').fill('胸部CT平扫')
    await page.getByText('请按 19800213 填写').waitFor()
    expect(await page.getByTestId('action-submit').isDisabled()).toBe(true)
    if (shots) await page.screenshot({ path: `${shots}/wrong.png` })
    await page.getByTestId('order-birthDate').fill('1980-12-05')
    // A choice is one stop on the way through the form.
    await page.getByTestId('order-patientName').focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('order-birthDate')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowLeft')
    await page.getByTestId('order-modality').click()
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('action-submit').isDisabled()).toBe(false)
    await page.getByTestId('action-submit').click()
    await page.getByTestId('action-failure').waitFor()
    expect(await page.getByTestId('action-failure').textContent()).toContain('该检查号已有 HIS 传来的申请')
    await fits(page)
    if (shots) await page.screenshot({ path: `${shots}/taken.png` })
    expect(workstation.callsOf('order.enter').at(-1)?.args).toMatchObject({
      birthDate: '19801205',
      modality: 'CT',
      sex: 'M',
      patientClass: 'inpatient',
    })
    // What took a minute to type is not lost to one key.
    await page.keyboard.press('Escape')
    expect(await page.getByTestId('order-patientName').inputValue()).toBe('张伟')
    await page
      .getByTestId('action-dialog')
      .getByRole('button', { name: /取\s*消/ })
      .click()
    await eventually(() => page.getByTestId('order-patientId').count()).toBe(0)
  })

  it('are corrected from the list: what was typed is there, the accession number stays', async () => {
    const [first, second, ...others] = worklist(Date.now())
    const typedOrder = {
      ...order,
      accessionNumber: 'M261122103000',
      patientName: '张为',
      bed: '3',
      scheduledAt: Date.UTC(2026, 10, 22, 2, 30),
    }
    const rows = [{ ...first!, accessionNumber: typedOrder.accessionNumber, typedOrder }, second!, ...others]
    const { page, workstation } = await open(activeAs('technologist', '赵技师'), (fake) => {
      fake.handlers['worklist.list'] = () => ({
        rows,
        offset: 0,
        total: rows.length,
        revision: 1,
        broken: [],
      })
      fake.handlers['order.enter'] = () => ({ outcome: 'replaced' })
    })
    await page.getByTestId('exam-row').first().waitFor()
    // What a hospital system sent is not offered.
    await eventually(() => page.getByTestId('order-correct').count()).toBe(1)
    if (shots) await page.screenshot({ path: `${shots}/correct-list.png` })
    await page.getByTestId('order-correct').click()
    await page.getByTestId('order-patientName').waitFor()
    expect(await page.getByTestId('order-patientName').inputValue()).toBe('张为')
    expect(await page.getByTestId('order-scheduledAt').inputValue()).toBe('2026-11-22 10:30')
    expect(await page.getByTestId('order-accessionNumber').getAttribute('readonly')).not.toBeNull()
    await page.getByTestId('order-patientName').fill('张伟')
    await page.getByTestId('order-ward').fill('神经外科')
    await fits(page)
    if (shots) await page.screenshot({ path: `${shots}/correct.png` })
    await page.getByTestId('action-submit').click()
    await eventually(() => workstation.callsOf('order.enter').length).toBe(1)
    const { orderedAt: _, ...entered } = typedOrder
    expect(workstation.callsOf('order.enter')[0]?.args).toEqual({
      ...entered,
      patientName: '张伟',
      ward: '神经外科',
    })
    await page.getByText('已更正').waitFor()
  })
})
