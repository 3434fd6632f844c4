import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LabelRules } from '../../../src/shared/access/index.ts'
import type { GlassBreakRow, LabelRulesVersion } from '../../../src/shared/api/labels.ts'
import { noChromium } from '../../chromium.ts'
import { accessible } from './axe.ts'
import { worklist } from './facts.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

const shots = process.env.VIGIL_SHOTS
const now = Date.now()
const hour = 3_600_000

const broken = (id: string, given: Partial<GlassBreakRow> = {}): GlassBreakRow => ({
  id,
  at: now - hour,
  until: now + 3 * hour,
  who: '李明华',
  workstation: '急诊影像-02',
  accessionNumber: `CT2611230${id.length}`,
  sensitivity: 'highly-sensitive',
  reason: '急诊抢救，需立即对比既往检查；家属已在场，值班主任电话同意，事后补办手续',
  dueAt: now + 23 * hour,
  review: null,
  ...given,
})
const breaks = [
  broken('waiting-one'),
  broken('overdue-one-1', { dueAt: now - hour, at: now - 25 * hour, who: '阿依古丽·买买提·阿不都热合曼' }),
  broken('done', {
    review: { verdict: 'justified', note: '与抢救记录相符', by: '孙保密', at: now - 600_000 },
  }),
]

const rules: LabelRulesVersion = {
  version: 3,
  changedAt: now - 48 * hour,
  changedBy: '孙保密',
  rules: LabelRules.parse({
    rules: [
      {
        id: 'vip',
        name: '院领导及重点人员',
        label: 'highly-sensitive',
        active: true,
        kind: 'patient',
        ids: ['P1', 'P2'],
        names: ['张伟'],
      },
      {
        id: 'hiv',
        name: '传染病',
        label: 'sensitive',
        active: true,
        kind: 'keyword',
        in: ['clinical-info', 'report'],
        values: ['HIV', '梅毒', '妊娠试验阳性'],
      },
      {
        id: 'dep',
        name: '感染科',
        label: 'sensitive',
        active: false,
        kind: 'department',
        values: ['感染科'],
      },
    ],
  }),
}

describe.skipIf(noChromium)('labels', () => {
  const open = windowTests({ images: false })
  const officer = activeAs('security-officer', '孙保密')

  it('emergency access waits for a verdict, given by keys; rules are tried, changed and saved', async () => {
    const { page, workstation } = await open(officer, (fake) => {
      fake.handlers['glass.breaks'] = () => breaks
      fake.handlers['glass.review'] = () => ({})
      fake.handlers['labels.rules'] = () => rules
      fake.handlers['labels.history'] = () => [rules]
      fake.handlers['labels.try'] = ({ rules: tried }) => ({
        exams: 98_765,
        perRule: tried.rules.map(({ id }, at) => ({ id, exams: at * 12 })),
        labelled: { general: 98_700, sensitive: 60, 'highly-sensitive': 5 },
        raised: 12,
        lowered: 0,
      })
      fake.handlers['labels.change'] = ({ rules: saved }) => ({ ...rules, version: 4, rules: saved })
    })
    await page.getByTestId('area-labels').click()
    await page.getByTestId('glass-breaks-row').first().waitFor()
    expect(await page.getByTestId('glass-waiting').textContent()).toBe('2 条待复核')
    for (const [width, height] of [
      [1366, 768],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height })
      if (shots) await page.screenshot({ path: join(shots, `glass-${width}.png`) })
    }
    await accessible(page, 'glass')
    await page.getByTestId('glass-breaks-table').press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByTestId('glass-verdict').waitFor()
    await page.getByLabel('不合理').check()
    await page.getByTestId('glass-note').fill('未见相关抢救记录')
    if (shots) await page.screenshot({ path: join(shots, 'glass-review.png') })
    await page.getByTestId('action-submit').click()
    await eventually(() => workstation.callsOf('glass.review').length).toBe(1)
    expect(workstation.callsOf('glass.review')[0]?.args).toMatchObject({
      verdict: 'unjustified',
      note: '未见相关抢救记录',
    })

    await page.getByTestId('labels-part').getByText('标记规则').click()
    await page.getByTestId('rule').first().waitFor()
    expect(await page.getByTestId('rules-save').isDisabled()).toBe(true)
    await page.getByTestId('rule-add').click()
    await page.getByTestId('rule-name').fill('产科')
    await page.getByLabel('病区', { exact: true }).check()
    expect(await page.getByTestId('action-submit').isDisabled()).toBe(true)
    await page.getByTestId('rule-values').fill('产科一病区\n产科二病区\n\n产科一病区')
    if (shots) await page.screenshot({ path: join(shots, 'rule-dialog.png') })
    await page.getByTestId('action-submit').click()
    await eventually(() => page.locator('[data-state=added]').count()).toBe(1)
    await page.locator('[data-rule=dep]').getByTestId('rule-remove').click()
    await page.getByTestId('field-birthDate').getByText('敏感', { exact: true }).click()
    await page.getByTestId('rules-try').click()
    await page.getByTestId('rules-trial').waitFor()
    for (const [width, height] of [
      [1366, 768],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height })
      if (shots) await page.screenshot({ path: join(shots, `rules-${width}.png`) })
    }
    await accessible(page, 'rules')
    await page.getByTestId('rules-save').click()
    expect(await page.getByTestId('rule-changes').locator('li').allInnerTexts()).toEqual([
      '新增“产科”',
      '删除“感染科”',
      '出生日期：一般 → 敏感',
    ])
    await page.getByTestId('action-submit').click()
    await page.getByText('标记规则已更新为第 4 版').waitFor()
    expect(workstation.callsOf('labels.change')[0]?.args).toMatchObject({
      baseVersion: 3,
      rules: { rules: [{}, {}, { kind: 'ward', values: ['产科一病区', '产科二病区'] }] },
    })
    await page.getByTestId('labels-part').getByText('规则变更历史').click()
    await page.getByTestId('label-rules-history-row').waitFor()
  })

  it('says that there are none; the auditor sees the queue and gives no verdict', async () => {
    const { page } = await open(activeAs('auditor', '周审计'), (fake) => {
      fake.handlers['glass.breaks'] = () => breaks
    })
    await page.getByTestId('area-labels').click()
    await page.getByTestId('glass-breaks-row').first().dblclick()
    await page.getByTestId('glass-break').waitFor()
    expect(await page.getByTestId('glass-review').count()).toBe(0)
    expect(await page.getByTestId('labels-part').count()).toBe(0)
    expect(await page.getByTestId('action-dialog').count()).toBe(0)
  })

  it('a masked name is shown by its eye or its key, with a reason, and hidden again by itself', async () => {
    const rows = worklist(now, 1).map((row) => ({
      ...row,
      patientName: '欧阳**',
      patientId: '',
      sensitivity: 'sensitive' as const,
      masked: true,
      accessionNumber: 'S1',
    }))
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.list.setRows(rows)
      fake.handlers['identity.reveal'] = () => ({
        accessionNumber: 'S1',
        patientName: '欧阳晓明',
        patientId: 'P000123456',
        sex: 'F',
        birthDate: '19800203',
        phone: '13800001234',
        ward: '呼吸内科一病区',
        bed: '12',
        showForMs: 3000,
      })
    })
    const row = page.locator('[data-accession=S1]').first()
    await row.getByTestId('reveal').click()
    await page.getByTestId('reveal-reason').waitFor()
    expect(await page.getByTestId('action-submit').isDisabled()).toBe(true)
    await page.getByTestId('reveal-call').click()
    if (shots) await page.screenshot({ path: join(shots, 'reveal-ask.png') })
    await page.getByTestId('action-submit').click()
    await page.getByTestId('revealed').getByText('欧阳晓明').waitFor()
    await page.waitForTimeout(400)
    if (shots) await page.screenshot({ path: join(shots, 'revealed.png') })
    await accessible(page, 'revealed')
    await page.getByTestId('revealed').waitFor({ state: 'detached' })
    expect(workstation.callsOf('identity.reveal')[0]?.args).toMatchObject({
      accessionNumber: 'S1',
      reason: '叫号核对身份',
    })
    await row.click()
    await page.keyboard.press('Shift+I')
    await page.getByTestId('reveal-reason').waitFor()
  })
})
