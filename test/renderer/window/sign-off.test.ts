import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { FindingDecision } from '../../../src/shared/report/index.ts'
import { noChromium } from '../../chromium.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import { studyUid } from './study.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

const text = { findings: '左侧大量气胸。脑疝不除外。未见肺栓塞。', impression: '见上。' }

const withDraft = (fake: FakeWorkstation) => {
  const open = fake.handlers['report.open']
  fake.handlers['report.open'] = async (args) => {
    const answer = await open(args)
    return answer.status === 'signed' ? answer : { ...answer, status: 'draft', text }
  }
}

const focused = 'document.activeElement.dataset.testid'

/** Until the keys that are plugged in are known it cannot be signed. */
const ready = (page: Page) => eventually(() => page.getByTestId('sign-off-sign').isEnabled()).toBe(true)

async function openDialog(page: Page) {
  await openFirstStudy(page)
  await page.getByTestId('finding').first().waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByTestId('decision').first().waitFor()
  await ready(page)
  await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('decide-alert')
}

const decisions = (fake: FakeWorkstation) =>
  (fake.callsOf('report.sign-off').at(-1)!.args as { decisions: FindingDecision[] }).decisions

describe.skipIf(noChromium)('sign-off', () => {
  const open = windowTests({ images: false })

  it('goes from the text to the signature without a mouse', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), withDraft)
    await openDialog(page)
    expect(await page.getByTestId('decision').count()).toBe(2)
    expect(await page.getByTestId('sign-off-information').textContent()).toContain('肺栓塞')
    await page.keyboard.press('Space')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(focused)).toBe('alert-edit')
    await page.keyboard.press('Enter')
    await page.getByTestId('alert-fields').waitFor()
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Shift+Tab')
    expect(await page.evaluate(focused)).toBe('alert-content')
    await page.keyboard.press('Control+End')
    await page.keyboard.type('，请速处理')
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('Tab')
    expect(await page.evaluate(focused)).toBe('decide-alert')
    await page.keyboard.press('d')
    expect(await page.evaluate(focused)).toBe('reason-repeated')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.id')).toBe('sign-off-pin')
    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('signed-summary').waitFor()
    expect(decisions(workstation)).toMatchObject([
      { action: 'alert', start: 2, end: 6 },
      { action: 'dismiss', reason: '已电话通知临床并登记' },
    ])
    expect((decisions(workstation)[0] as { content: string }).content).toMatch(/左侧大量气胸，请速处理$/)
    await page.keyboard.press('Enter')
    await page.getByTestId('report-version').waitFor()
    expect(await page.getByTestId('report-signature').textContent()).toContain('ECDSA-SHA256')
    expect(await page.locator('.cm-editor').count()).toBe(0)
  })

  it('does not sign while a finding is undecided, and points to it', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), withDraft)
    await openDialog(page)
    await page.getByTestId('decide-alert').first().click()
    await page.getByTestId('decide-dismiss').nth(1).click()
    await page.getByTestId('reason-other').click()
    await page.getByTestId('reason-text').fill('无')
    await page.getByTestId('pin').fill('123456')
    await page.getByTestId('sign-off-sign').click()
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('还有 1 条')
    expect(workstation.callsOf('report.sign-off')).toEqual([])
    expect(await page.getByTestId('sign-off-progress').textContent()).toContain('1 / 2')
  })

  it('keeps everything but the PIN when the signature is refused', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      withDraft(fake)
      const sign = fake.handlers['report.sign-off']
      fake.handlers['report.sign-off'] = (args) =>
        fake.callsOf('report.sign-off').length === 1 ? fake.fail('pin-wrong', { triesLeft: 2 }) : sign(args)
    })
    await openDialog(page)
    await page.getByTestId('decide-alert').first().click()
    await page.getByTestId('alert-edit').click()
    await page.getByTestId('alert-content').fill('左侧张力性气胸可能，请立即处理')
    await page.getByTestId('decide-dismiss').nth(1).click()
    await page.getByTestId('reason-known').click()
    await page.getByTestId('pin').fill('0000')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('还可再试 2 次')
    expect(await page.getByTestId('alert-content').inputValue()).toBe('左侧张力性气胸可能，请立即处理')
    expect(await page.getByTestId('reason-known').isChecked()).toBe(true)
    expect(await page.getByTestId('pin').inputValue()).toBe('')
    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('signed-summary').waitFor()
    expect(decisions(workstation)).toHaveLength(2)
  })

  it('shows each alert on its way, live, in the dialog, in the header and in the report', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), withDraft)
    await openDialog(page)
    for (const choice of await page.getByTestId('decide-alert').all()) await choice.click()
    await page.getByTestId('pin').fill('123456')
    await page.keyboard.press('Enter')
    const states = async (within: string) => {
      const found = await page.evaluate(
        `[...document.querySelectorAll('[data-testid=${within}] [data-testid=delivery]')].map((each) => each.dataset.state)`,
      )
      return (found as string[]).toSorted()
    }
    await eventually(() => states('signed-summary')).toEqual(['queued', 'queued'])
    const now = Date.now()
    workstation.deliver(
      'A261122000001',
      { state: 'delivered', deliveredAt: now },
      { status: 'received', deliveredAt: now, receivedAt: now },
    )
    workstation.deliver('A261122000002', { state: 'retrying', attempts: 3, nextAttemptAt: now + 9000 })
    await eventually(() => states('signed-summary')).toEqual(['delivered', 'retrying'])
    await eventually(() => page.getByTestId('alerts-button').getAttribute('data-open')).toBe('1')
    await page.getByTestId('signed-close').click()
    // The signed report itself says so too.
    await eventually(() => states('study-alerts')).toEqual(['delivered', 'retrying'])
  })

  it('says whose report is signed, and goes on to the next exam by N', async () => {
    const { page } = await open(activeAs('radiologist'), withDraft)
    await openDialog(page)
    expect(await page.getByTestId('sign-off-whose').textContent()).toContain('王建国')
    for (const choice of await page.getByTestId('decide-alert').all()) await choice.click()
    // N is a letter like any other while there is something to type.
    await page.getByTestId('alert-edit').first().click()
    await page.getByTestId('alert-content').first().fill('')
    await page.getByTestId('alert-content').first().pressSequentially('n')
    await page.getByTestId('pin').fill('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('signed-next').waitFor()
    const room = page.getByTestId('reading-room')
    // Nor is it the way on in the alerts that were opened over the summary.
    await page.keyboard.press('F8')
    await page.getByTestId('alert-rows').waitFor()
    await page.getByTestId('alert-rows').press('n')
    expect(await room.getAttribute('data-study')).toBe(studyUid)
    await page.keyboard.press('F8')
    await eventually(() => page.getByTestId('alert-rows').count()).toBe(0)
    await page.keyboard.press('n')
    await eventually(() => room.getAttribute('data-study')).not.toBe(studyUid)
    await eventually(() => page.getByTestId('signed-summary').count()).toBe(0)
  })

  it('signs a report without findings with the PIN alone, and Escape goes back to the text', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await openFirstStudy(page)
    await page.getByTestId('editor-findings').click()
    await page.keyboard.type('normal')
    await page.keyboard.press('Control+Enter')
    // Nothing stands in the impression: that is confirmed, once.
    await page.getByTestId('hand-go').waitFor()
    await page.keyboard.press('Enter')
    await page.getByTestId('sign-off-form').waitFor()
    await page.keyboard.press('Escape')
    await eventually(() => page.getByTestId('sign-off-form').count()).toBe(0)
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('sign-off-form').waitFor()
    await ready(page)
    await eventually(() => page.evaluate('document.activeElement.id')).toBe('sign-off-pin')
    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('signed-summary').waitFor()
    expect(workstation.callsOf('report.sign-off')[0]?.args).toMatchObject({
      decisions: [],
      document: { text: { findings: 'normal', impression: '' } },
    })
  })

  it('says why the gateway will not prepare it', async () => {
    const { page } = await open(activeAs('radiologist'), (fake) => {
      fake.setDraft({ findings: '　', impression: '见上。' })
      fake.handlers['report.prepare-sign-off'] = () => fake.fail('report-empty')
    })
    await openFirstStudy(page)
    await page.getByTestId('editor-findings').click()
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('hand-go').click()
    await eventually(() => page.getByTestId('failure').getAttribute('data-code')).toBe('report-empty')
  })

  it('goes from the page with the lock, with everything in it', async () => {
    const { page } = await open(activeAs('radiologist'), withDraft)
    await openDialog(page)
    await page.keyboard.press('Control+l')
    await page.getByTestId('lock-screen').waitFor()
    expect(await page.evaluate('document.body.innerHTML')).not.toContain('气胸')
  })
})
