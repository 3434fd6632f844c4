import { describe, expect, it } from 'vitest'
import type { AlertFigures, FoundReport, MissedFinding } from '../../../src/shared/api/index.ts'
import { noChromium } from '../../chromium.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import { fits } from './fits.ts'
import { study } from './study.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

const now = Date.now()
const hour = 3_600_000
const excerpt = '右侧大量气胸，肺压缩约60%，纵隔左移。'
const report = (id: number, more: Partial<FoundReport> = {}): FoundReport => ({
  reportId: `report-${id}`,
  version: 1,
  studyInstanceUid: study.studyInstanceUid,
  accessionNumber: `CT2026${id}`,
  patientId: `P${id}`,
  patientName: id % 2 ? '欧阳明月' : '王建国',
  modality: 'CT',
  itemName: '胸部CT平扫',
  author: '李明华',
  signedAt: now - id * hour,
  alerts: id % 3,
  hits: [
    {
      section: 'findings',
      excerpt,
      start: 4,
      end: 6,
      type: 'LARGE_PNEUMOTHORAX',
      typeName: '大量气胸',
      grade: 'positive',
    },
  ],
  ...more,
})
const missed = (id: number, dismissed: string): MissedFinding => {
  const { hits, alerts: _, ...facts } = report(id)
  const [hit] = hits
  if (!hit) throw new Error('a hit')
  return { ...facts, hit, level: 'red', dismissed }
}
const figures = (count: number): AlertFigures => ({
  count,
  received: count - 1,
  handled: count - 2,
  closed: 1,
  withdrawn: 1,
  escalated: 2,
  byPhone: 1,
  receiveMedianMs: 192_000,
  receiveP95Ms: 840_000,
  receiveWithin: 0.875,
  handleMedianMs: 1_500_000,
  handleP95Ms: 7_500_000,
  handleWithin: 0.97,
})

describe.skipIf(noChromium)('looking back', () => {
  const open = windowTests()
  const manager = activeAs('quality-manager', '陈宇')
  const fill = (fake: FakeWorkstation) => {
    fake.handlers['retrospect.authors'] = () => ({ authors: [{ accountId: 'a1', name: '李明华' }] })
    fake.handlers['retrospect.missed'] = () => ({
      findings: [missed(1, ''), missed(2, '已电话告知临床')],
      scanned: 40,
      total: 40,
      cursor: null,
      damaged: 1,
    })
    fake.handlers['retrospect.statistics'] = ({ by }) => ({
      total: figures(42),
      groups: [
        { key: by === 'level' ? 'red' : 'w1', label: '急诊科病区', figures: figures(24) },
        { key: by === 'level' ? 'orange' : 'w2', label: '', figures: figures(18) },
      ],
      days: Array.from({ length: 23 }, (_, i) => ({
        day: `2026-11-${String(i + 1).padStart(2, '0')}`,
        red: i % 4,
        orange: i % 3,
        yellow: i % 2,
      })),
      byStatus: { closed: 30, received: 12 },
      damaged: 0,
    })
  }

  it('a search goes on by itself from part to part, shows how far it is, and can be stopped', async () => {
    let parts = 0
    const { page, workstation } = await open(manager, (fake) => {
      fill(fake)
      fake.handlers['retrospect.search'] = async () => {
        parts += 1
        await new Promise((resolve) => setTimeout(resolve, 150))
        return {
          reports: [report(parts * 2), report(parts * 2 + 1)],
          scanned: parts * 100,
          total: 10_000,
          cursor: `part-${parts}`,
          damaged: 0,
        }
      }
    })
    await page.getByTestId('area-report-search').click()
    await page.getByTestId('search-keyword').fill('气胸')
    await page.keyboard.press('Enter')
    await page.getByTestId('found-report').nth(5).waitFor()
    await page.getByTestId('scan-stop').click()
    await page.getByText('已停止').waitFor()
    const asked = workstation.callsOf('retrospect.search')
    expect(asked[0]?.args).toMatchObject({ keyword: '气胸', limit: 100 })
    expect(asked[1]?.args).toMatchObject({ cursor: 'part-1' })
    await page.getByTestId('found-report').first().click()
    await page.getByTestId('hits').getByText('影像所见').waitFor()
    expect(await page.getByTestId('hits').locator('mark').innerText()).toBe('气胸')
    await fits(page)
  })

  it('a search that breaks off says so beside what it found, and goes on when asked to', async () => {
    let broken = true
    const { page } = await open(manager, (fake) => {
      fill(fake)
      fake.handlers['retrospect.missed'] = ({ cursor }) => {
        if (cursor !== undefined && broken) fake.fail('gateway-unreachable')
        const part = cursor === undefined ? 1 : 2
        return {
          findings: [missed(part, '')],
          scanned: part * 20,
          total: 40,
          cursor: part === 1 ? 'part-1' : null,
          damaged: 0,
        }
      }
    })
    await page.getByTestId('area-missed').click()
    await eventually(() => page.getByTestId('scan-broken').textContent()).toBe('检索中断，结果不完整')
    expect(await page.getByTestId('missed-finding').count()).toBe(1)
    broken = false
    await page.getByTestId('scan-status').getByText('重试').click()
    await eventually(() => page.getByTestId('missed-finding').count()).toBe(2)
    expect(await page.getByTestId('scan-broken').count()).toBe(0)
    await fits(page)
  })

  it('an empty answer and a refused one are told apart', async () => {
    const { page, workstation } = await open(manager, (fake) => {
      fill(fake)
      fake.handlers['retrospect.search'] = () => ({
        reports: [],
        scanned: 10,
        total: 10,
        cursor: null,
        damaged: 0,
      })
    })
    await page.getByTestId('area-report-search').click()
    await page.getByText('输入条件后按回车检索').waitFor()
    await page.getByTestId('search-run').click()
    await page.getByText('没有符合条件的报告').waitFor()
    workstation.handlers['retrospect.search'] = () => workstation.fail('gateway-unreachable')
    await page.getByTestId('search-keyword').fill('出血')
    await page.getByTestId('search-run').click()
    await page.getByTestId('failure').waitFor()
  })

  it('missed findings: those without a reason stand out, damaged reports are told, and the exam opens', async () => {
    const { page } = await open(manager, fill)
    await page.getByTestId('area-missed').click()
    await page.getByTestId('missed-summary').getByText('1 条没有说明原因').waitFor()
    await page.getByText('1 份报告的记录被改动').waitFor()
    await page.getByText('已电话告知临床').waitFor()
    await page.getByTestId('missed-finding').first().dblclick()
    await page.getByTestId('reading-room').waitFor()
  })

  it('statistics are told in figures, charts and a table, and leave as a file once the gateway knows', async () => {
    const { page, workstation } = await open(manager, (fake) => {
      fill(fake)
      fake.handlers['retrospect.export'] = () => ({ path: '/home/chen/统计.xlsx' })
    })
    await page.getByTestId('area-statistics').click()
    await page.getByTestId('figures').getByText('87.5 %').waitFor()
    await page.getByTestId('statistics-group').first().getByText('3 分 12 秒').waitFor()
    await page.getByText('未填写').first().waitFor()
    expect(await page.locator('.chart canvas').count()).toBe(2)
    await fits(page)
    await page.getByTestId('export-list').getByText('导出 XLSX').click()
    await eventually(() => workstation.callsOf('retrospect.export')[0]?.args).toMatchObject({
      list: 'statistics',
      format: 'xlsx',
      rows: 2,
    })
  })

  it('on paper there are all rows, and nothing of the window', async () => {
    const { page } = await open(manager, fill)
    await page.getByTestId('area-statistics').click()
    await page.getByTestId('statistics-group').first().waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.statistics-printed tbody tr').count()).toBe(2)
    expect(await page.locator('.statistics-printed').isVisible()).toBe(true)
    for (const hidden of ['.header', '.toolbar', '.statistics-grid'])
      expect([hidden, await page.locator(hidden).first().isVisible()]).toEqual([hidden, false])
  })
})
