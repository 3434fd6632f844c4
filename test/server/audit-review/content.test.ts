import { describe, expect, it } from 'vitest'
import { contentOf, type ReportMaterial } from '../../../src/server/audit-review/report/content.ts'
import { createTally } from '../../../src/server/audit-review/report/figures.ts'
import { axisOf } from '../../../src/server/audit-review/report/pdf.ts'
import type { AuditRow } from '../../../src/shared/audit/index.ts'

const hour = 3_600_000
const start = Date.UTC(2026, 10, 1)
const calendar = {
  dayOf: (at: number) => new Date(at).toISOString().slice(0, 10),
  hourOf: (at: number) => new Date(at).getUTCHours(),
}

let seq = 0
function row(action: string, more: Partial<AuditRow> = {}): AuditRow {
  seq += 1
  return { seq, at: start, action, outcome: 'success', actor: 'account:li', object: '', detail: {}, ...more }
}

function material(rows: readonly AuditRow[], more: Partial<ReportMaterial> = {}): ReportMaterial {
  const tally = createTally(calendar)
  for (const one of rows) tally.add(one)
  return {
    kind: 'daily',
    period: '2026-11-01',
    hospital: '',
    gatewayId: 'gw',
    madeAt: start,
    madeBy: '',
    figures: tally.figures,
    anomalies: [],
    verification: { rows: rows.length, faults: [], checkpoint: null },
    shipping: null,
    glassBreaks: [],
    nameOf: (reference) => ({ 'account:li': '李医师' })[reference] ?? reference,
    timeOf: (at) => new Date(at).toISOString(),
    ...more,
  }
}
const part = (of: ReportMaterial, title: string) =>
  contentOf(of).parts.find((one) => one.title.startsWith(title))

describe('the figures of an audit report', () => {
  it('count each record once by category, outcome, hour and day', () => {
    const rows = [
      row('report.signed'),
      row('report.signed', { at: start + 3 * hour, detail: { amendment: 'correction' } }),
      row('report.printed', { at: start + 27 * hour }),
      row('sign-in.refused', { outcome: 'refused', actor: 'workstation:w1', detail: { code: 'pin-wrong' } }),
      row('sign-in.accepted'),
      row('table.exported', { detail: { rows: 40 } }),
      row('table.exported', { detail: { rows: 2 } }),
      row('integrity.failed', { outcome: 'failed', actor: 'gateway:gateway' }),
    ]
    const { figures } = material(rows)
    expect(figures).toMatchObject({
      records: 8,
      outcomes: { success: 6, refused: 1, failed: 1 },
      signIns: 1,
      reports: { signed: 1, amended: 1, printed: 1 },
    })
    expect([...figures.capabilities.values()].flatMap(Object.values).reduce((a, b) => a + b, 0)).toBe(8)
    expect(figures.hours.reduce((a, b) => a + b, 0)).toBe(8)
    expect([figures.hours[0], figures.hours[3]]).toEqual([6, 2])
    expect([...figures.days]).toEqual([
      ['2026-11-01', 7],
      ['2026-11-02', 1],
    ])
    expect([...figures.signInRefusals]).toEqual([['pin-wrong', 1]])
    // A print is one too.
    expect(figures.exports.get('account:li')).toEqual({ times: 3, rows: 42 })
    expect(figures.lastSeq).toBe((figures.firstSeq ?? 0) + 7)
    const month = part(material(rows, { kind: 'monthly', period: '2026-11' }), '按日')
    expect(month?.chart).toMatchObject({ labels: ['01', '02'], values: [7, 1] })
    expect(part(material(rows), '按小时')?.chart?.values).toHaveLength(24)
  })

  it('name what an auditor looks at one by one, and how much of it was left out', () => {
    const many = Array.from({ length: 203 }, () => row('account.authorised', { object: 'account:li' }))
    const changes = part(material([...many, row('patient.labelled')]), '账号')
    expect(changes?.table?.rows).toHaveLength(200)
    expect(changes?.notes).toEqual(['另有 3 条，见审计检索。'])
    expect(changes?.table?.rows[0]?.slice(1)).toEqual(['授予角色与等级', '李医师', '李医师'])
    expect(part(material([row('patient.labelled')]), '敏感')?.table?.rows).toHaveLength(1)
  })

  it('have each broken glass with what the security officer and the auditor said', () => {
    const broken = [row('study.glass-broken'), row('study.glass-broken', { at: start + hour })]
    const kept = {
      id: 'g',
      at: start - 20,
      until: 0,
      who: '李医师',
      workstation: '',
      accessionNumber: '',
      sensitivity: 'sensitive',
      reason: '抢救',
      dueAt: 0,
      review: { verdict: 'justified', note: '已核实', by: '周海', at: 1 },
    } as const
    const review = { by: '孙洁', at: 1, verdict: 'harmless', note: '同意' } as const
    const anomaly = { id: 'a', kind: 'break-glass', account: 'li', accountName: '', workstation: '' } as const
    const seqs = { from: start, to: start, count: 1, firstSeq: broken[0]?.seq ?? 0, lastSeq: 0 }
    const rest = { urgent: false, facts: {} }
    const of = material(broken, {
      glassBreaks: [kept],
      anomalies: [{ ...anomaly, ...seqs, ...rest, review }],
    })
    expect(part(of, '紧急')?.table?.rows.map((cells) => cells.slice(3))).toEqual([
      ['抢救', '合理（周海）：已核实', '正常（孙洁）：同意'],
      ['', '未复核', '未复核'],
    ])
  })

  it('say where the chain does not hold, and that nothing left the machine', () => {
    const faults = [{ seq: 7, fault: 'deleted' as const }]
    const broken = part(material([], { verification: { rows: 9, faults, checkpoint: null } }), '审计完整性')
    expect(broken?.notes?.[0]).toContain('未通过')
    expect(broken?.notes).toContain('未配置日志服务器，审计记录没有机外副本。')
    expect(broken?.table?.rows).toEqual([[7, '记录缺失']])
    expect(part(material([]), '概要')?.table?.rows).toContainEqual(['记录序号', '无记录'])
  })

  it('are drawn on an axis of whole steps that reaches the largest', () => {
    for (const most of [0, 1, 3, 4, 7, 99, 100, 101, 4783, 10_000, 1_234_567]) {
      const axis = axisOf(most)
      expect(axis[0]).toBe(0)
      expect(axis.every(Number.isInteger)).toBe(true)
      expect(axis.at(-1)).toBeGreaterThanOrEqual(most)
      expect(axis.length).toBeLessThanOrEqual(6)
    }
  })
})
