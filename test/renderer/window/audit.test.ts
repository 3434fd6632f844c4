import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { noChromium } from '../../chromium.ts'
import { fillAuditDesk } from './audit-desk.ts'
import { accessible } from './axe.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import { fits } from './fits.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

const now = Date.now()

describe.skipIf(noChromium)('the auditor’s workplace', () => {
  const open = windowTests({ images: false })
  const atDesk = (more: (fake: FakeWorkstation) => void = () => undefined) =>
    open(activeAs('auditor', '吴审计'), (fake) => {
      fillAuditDesk(fake, now)
      more(fake)
    })
  const to = (page: Page, part: string) =>
    page.getByTestId('audit-part').getByText(part, { exact: true }).click()
  const shownRows = (page: Page) => page.getByTestId('audit-table').getAttribute('aria-rowcount')
  const focused = (page: Page) => page.evaluate('document.activeElement?.dataset.testid')
  const lastQuery = (workstation: FakeWorkstation) => workstation.callsOf('audit.search').at(-1)?.args

  it('leads by keyboard from a record to what else it names, and back again', async () => {
    const { page, workstation } = await atDesk()
    const row = page.getByTestId('audit-row').first()
    await row.waitFor()
    await accessible(page, 'records')
    await eventually(() => focused(page)).toBe('audit-table')
    await page.keyboard.press('ArrowDown')
    await page.getByTestId('audit-record').waitFor()
    await accessible(page, 'record')
    await fits(page)
    // Enter goes into the record; the first name in it is who did it.
    await page.keyboard.press('Enter')
    await eventually(() => focused(page)).toBe('record-subject')
    await page.keyboard.press('Enter')
    const account = { kind: 'account', id: '00000000-0000-4000-8000-000000000000' }
    await eventually(() => lastQuery(workstation)).toMatchObject({ subjects: [account], order: 'newest' })
    // A press on a patient's cell narrows it down further.
    await page.getByTestId('audit-row').first().locator('[data-kind=patient]').click()
    await eventually(() => lastQuery(workstation)).toMatchObject({
      subjects: [account, { kind: 'patient', id: 'index-of-patient-0' }],
    })
    await eventually(() => page.getByTestId('audit-condition').count()).toBe(2)
    await page.keyboard.press('Alt+ArrowLeft')
    await eventually(() => page.getByTestId('audit-condition').count()).toBe(1)
    await page.getByTestId('audit-table').press('Escape')
    await eventually(() => page.getByTestId('audit-condition').count()).toBe(0)
    // What was found before is shown again, and not asked for again: every question is recorded.
    expect(workstation.callsOf('audit.search')).toHaveLength(3)
  })

  it('reads on as it is scrolled, page by page, and what failed is tried again', async () => {
    const { page, workstation } = await atDesk()
    await page.getByTestId('audit-period').click()
    await page.getByTitle('全部时间').click()
    await eventually(() => shownRows(page)).toBe('200')
    const table = page.getByTestId('audit-table')
    await table.press('End')
    await eventually(() => shownRows(page)).toBe('400')
    const { 'audit.search': search } = workstation.handlers
    workstation.handlers['audit.search'] = () => workstation.fail('gateway-unreachable')
    await table.press('End')
    await page.getByText('后面的记录未能载入').waitFor()
    workstation.handlers['audit.search'] = search
    await page.getByRole('alert').getByRole('button').click()
    await eventually(() => shownRows(page)).toBe('600')
    expect(
      workstation.callsOf('audit.search').flatMap(({ args }) => (args as { after?: number }).after ?? []),
    ).toEqual([801, 601, 601])
  })

  it('finds a person by what is typed, an action by its words, and says where there is nothing', async () => {
    const { page, workstation } = await atDesk()
    await page.getByTestId('audit-row').first().waitFor()
    await page.getByTestId('audit-subject').click()
    await page.keyboard.type('李')
    await page.getByText('放射医师').waitFor()
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('audit-condition').innerText()).toContain('李明华')
    expect(workstation.callsOf('audit.candidates').map(({ args }) => args)).toEqual([{ text: '李' }])
    await page.getByTestId('audit-actions').click()
    await page.keyboard.type('导出表格')
    await page.keyboard.press('Enter')
    await eventually(() => lastQuery(workstation)).toMatchObject({ actions: ['table.exported'] })
    await page.keyboard.press('Escape')
    await page.getByTestId('audit-outcomes').click()
    await page.getByTitle('失败').click()
    await page.getByTestId('audit-empty').getByText('没有符合条件的记录').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('audit-condition').click()
    await eventually(() => page.getByTestId('audit-condition').count()).toBe(0)
  })

  it('tells a subject’s days, and a report before and after with what its signature is worth', async () => {
    const { page, workstation } = await atDesk()
    await page.getByTestId('audit-row').first().waitFor()
    await page.locator('[data-action="report.signed"]').first().click()
    await page.getByTestId('record-timeline').first().click()
    await page.getByTestId('timeline-day').first().waitFor()
    await page.getByTestId('timeline-gap').first().waitFor()
    await accessible(page, 'timeline')
    const whose = await page.getByTestId('timeline-whose').innerText()
    await page.getByTestId('timeline-record').first().click()
    await page.getByTestId('timeline-table').press('Enter')
    await eventually(() => page.getByTestId('audit-condition').first().innerText()).toContain(
      whose.split(/\s+/).at(-1)!,
    )
    await page.locator('[data-action="report.signed"]').first().click()
    await page.getByTestId('record-report').click()
    const comparison = page.getByTestId('comparison')
    await eventually(() => comparison.locator('del').allInnerTexts()).toEqual(['右', '右'])
    expect(await comparison.locator('ins').allInnerTexts()).toEqual(['左', '左'])
    expect(await page.getByTestId('signature-state').allInnerTexts()).toEqual([
      '签名有效，内容未被改动',
      '签名不符：存储的内容被改动过',
    ])
    await accessible(page, 'before and after')
    await page.getByLabel('前 提交审核').check()
    await eventually(() => comparison.locator('ins').count()).toBeGreaterThan(2)
    expect(workstation.callsOf('audit.report')).toHaveLength(1)
  })

  it('reviews anomalies and audit reports once, with a note; gives the files out', async () => {
    const { page, workstation } = await atDesk()
    await to(page, '异常')
    await page.getByTestId('anomalies-row').first().waitFor()
    // The gravest first; what was reviewed is not among them.
    const rows = await page.getByTestId('anomalies-row').all()
    expect(await Promise.all(rows.map((row) => row.getAttribute('data-kind')))).toEqual([
      'mass-access',
      'off-hours',
      'repeated-denials',
      'new-workstation',
    ])
    await page.getByTestId('anomalies-table').press('ArrowDown')
    await page.getByTestId('anomaly-sentence').getByText('60 分钟内 61 名患者，超过 40').waitFor()
    await accessible(page, 'anomalies')
    await page.getByTestId('anomalies-table').press('Enter')
    expect(await page.getByTestId('action-submit').isDisabled()).toBe(true)
    await page.getByLabel('需跟进').check()
    await page.getByTestId('review-note').fill(' 已约谈 ')
    await accessible(page, 'review')
    await page.getByTestId('action-submit').click()
    await eventually(() => workstation.callsOf('audit.review-anomaly').map(({ args }) => args)).toEqual([
      { id: '3', verdict: 'to-follow-up', note: '已约谈' },
    ])
    await page.getByTestId('anomaly-records').click()
    await eventually(() => lastQuery(workstation)).toMatchObject({ after: 991, from: now - 7_200_000 })

    await to(page, '审计报告')
    await page.getByTestId('summaries-open').getByText('2 份待审阅').waitFor()
    let finish: () => void = () => undefined
    const { 'audit.make-summary': make } = workstation.handlers
    workstation.handlers['audit.make-summary'] = async (args) => {
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      return make(args)
    }
    await page.getByTestId('summary-make').click()
    await page.getByTestId('summary-period').fill('2026-02-30')
    await eventually(() => page.getByTestId('action-submit').isDisabled()).toBe(true)
    await page.getByTestId('summary-period').fill('2026-11-22')
    await page.keyboard.press('Enter')
    await page.getByTestId('summary-busy').waitFor()
    finish()
    await page.getByTestId('summary-pdf').click()
    await page.getByText('审计日报-20261122.pdf').waitFor()
    await accessible(page, 'audit reports')
    await page.getByTestId('summary-review').click()
    await page.getByTestId('review-note').fill('已阅')
    await page.getByTestId('action-submit').click()
    await eventually(() => workstation.callsOf('audit.review-summary')[0]?.args).toEqual({
      id: 's1',
      note: '已阅',
    })
  })

  it('says which record was tampered with and how, and that copies do not get out', async () => {
    const { page } = await atDesk()
    await to(page, '链校验与外送')
    await page.getByTestId('chain-faults').getByText('第 421 条：内容被改动过').waitFor()
    await page.getByTestId('shipping-verdict').getByText('送不出去').waitFor()
    await page.getByTestId('audit-shipping').getByText('连接不上日志服务器').waitFor()
    await accessible(page, 'evidence')
    await page.getByTestId('chain-verify').click()
    await page.getByTestId('chain-progress').getByText('120 / 1,000').waitFor()
    for (const [width, height] of [
      [1366, 768],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height })
      for (const part of ['记录检索', '时间线', '报告前后对照', '异常', '审计报告', '链校验与外送']) {
        await to(page, part)
        await fits(page)
        expect(
          await page.evaluate(
            `[...document.querySelectorAll('.toolbar, .officer-body, .facts, .list-foot, .audit-evidence')]
              .filter((element) => element.scrollWidth > element.clientWidth + 1).map((element) => element.className)`,
          ),
        ).toEqual([])
      }
    }
  })
})
