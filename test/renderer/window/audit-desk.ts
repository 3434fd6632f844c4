import type { AuditedReport, AuditPage, AuditQuery, AuditReportRow } from '../../../src/shared/api/audit.ts'
import type { Anomaly, AuditRow } from '../../../src/shared/audit/index.ts'
import type { FakeWorkstation } from './fake-workstation.ts'

const minute = 60_000
const day = 24 * 60 * minute
const people = ['李明华', '王建国', '阿依古丽·买买提·阿不都热合曼·吐尔逊那依', '赵敏']
const actions = [
  'study.opened',
  'report.signed',
  'sign-in.accepted',
  'access.refused',
  'session.locked',
  'alert.raised',
  'table.exported',
]

/** Record `seq` of a trail that ends at `last`: every kind of subject, long names among them. */
export function record(seq: number, last: number, now: number): AuditRow {
  const who = seq % people.length
  const action = actions[seq % actions.length]!
  return {
    seq,
    at: now - (last - seq) * 23 * minute,
    action,
    outcome: action === 'access.refused' ? 'refused' : 'success',
    actor: `account:00000000-0000-4000-8000-00000000000${who}`,
    actorName: people[who]!,
    workstation: `00000000-0000-4000-9000-00000000000${seq % 3}`,
    workstationName: seq % 3 === 2 ? '介入手术室二号观察间备用工作站-超长名称' : `阅片室-${seq % 3}`,
    address: '10.2.0.17',
    session: `00000000-0000-4000-a000-00000000000${who}`,
    object: action.startsWith('report')
      ? `report:report-${seq % 5}`
      : 'study:1.2.840.113619.2.55.3.604688119',
    about: [
      { kind: 'patient', id: `index-of-patient-${seq % 4}`, label: `张*（P00${seq % 4}）` },
      { kind: 'order', id: `A2026112200${seq % 4}`, label: `A2026112200${seq % 4}` },
    ],
    detail: action === 'access.refused' ? { code: 'permission-denied' } : { version: 1, modality: 'CT' },
  }
}

/** Answers as the gateway does: newest first, by keyset, every condition kept to. */
export function searchIn(rows: readonly AuditRow[]) {
  return ({ from, to, actions: wanted, outcomes, subjects, order, after, limit }: AuditQuery): AuditPage => {
    const found = rows
      .filter(
        (row) =>
          (from === undefined || row.at >= from) &&
          (to === undefined || row.at < to) &&
          (wanted.length === 0 ||
            wanted.some((one) => (one.endsWith('.') ? row.action.startsWith(one) : row.action === one))) &&
          (outcomes.length === 0 || outcomes.includes(row.outcome)) &&
          subjects.every(({ kind, id }) => namesOf(row).includes(`${kind}:${id}`)) &&
          (after === undefined || (order === 'newest' ? row.seq < after : row.seq > after)),
      )
      .toSorted((a, b) => (order === 'newest' ? b.seq - a.seq : a.seq - b.seq))
    const page = found.slice(0, limit)
    return { rows: page, next: found.length > limit ? page.at(-1)!.seq : null }
  }
}

const namesOf = (row: AuditRow) => [
  row.actor,
  row.object,
  `workstation:${row.workstation}`,
  `session:${row.session}`,
  ...(row.about ?? []).map(({ kind, id }) => `${kind}:${id}`),
]

export function auditedReport(now: number): AuditedReport {
  const step = (
    id: string,
    kind: 'submitted' | 'rejected',
    at: number,
    findings: string,
    comment: string,
  ) => ({
    id,
    kind,
    by: { accountId: 'a', name: kind === 'submitted' ? '赵敏' : '李明华' },
    at,
    text: { findings, impression: '右肺结节。' },
    comment,
  })
  const version = (number: number, findings: string, impression: string, intact: boolean) => ({
    version: number,
    signedAt: now - (3 - number) * 60 * minute,
    author: '李明华',
    reason: number === 1 ? '' : '更正侧别：请临床核对',
    sections: [
      { name: 'findings', text: findings },
      { name: 'impression', text: impression },
    ],
    intact,
  })
  return {
    reportId: 'report-1',
    accessionNumber: 'A20261122001',
    patient: '张*',
    itemName: '胸部 CT 平扫 + 增强（含三维重建）',
    versions: [
      version(1, '右肺上叶见一结节，直径约 8 mm。纵隔未见肿大淋巴结。', '右肺上叶结节，建议随访。', true),
      version(2, '左肺上叶见一结节，直径约 8 mm。纵隔未见肿大淋巴结。', '左肺上叶结节，建议随访。', false),
    ],
    steps: [
      step('1', 'submitted', now - 5 * 60 * minute, '右肺上叶见一结节。', ''),
      step('2', 'rejected', now - 4 * 60 * minute, '右肺上叶见一结节。', '请补充大小'),
    ],
  }
}

export function anomalies(now: number): Anomaly[] {
  const anomaly = (id: string, kind: Anomaly['kind'], more: Partial<Anomaly> = {}): Anomaly => ({
    id,
    kind,
    account: '00000000-0000-4000-8000-000000000000',
    accountName: '李明华',
    workstation: '00000000-0000-4000-9000-000000000001',
    workstationName: '阅片室-1',
    from: now - 2 * 60 * minute,
    to: now - 60 * minute,
    count: 48,
    firstSeq: 900,
    lastSeq: 990,
    urgent: kind === 'mass-access',
    facts: {},
    review: null,
    ...more,
  })
  return [
    anomaly('1', 'new-workstation', { count: 1, accountName: people[2]! }),
    anomaly('2', 'off-hours', { facts: { hours: '22,23', workingFrom: 7, workingTo: 19, daysLearned: 21 } }),
    anomaly('3', 'mass-access', { facts: { patients: 61, threshold: 40, usual: 12, minutes: 60 } }),
    anomaly('4', 'repeated-denials', { facts: { refusals: 48, least: 5, minutes: 10 } }),
    anomaly('5', 'break-glass', {
      review: { by: '吴审计', at: now - 30 * minute, verdict: 'harmless', note: '急诊抢救，已与科主任核实' },
    }),
  ]
}

export function summaries(now: number): AuditReportRow[] {
  const row = (id: string, period: string, more: Partial<AuditReportRow> = {}): AuditReportRow => ({
    id,
    kind: 'daily',
    period,
    madeAt: now - day,
    madeBy: '',
    records: 12_408,
    anomalies: 3,
    pdfHash: 'ab'.repeat(32),
    xlsxHash: 'cd'.repeat(32),
    review: null,
    ...more,
  })
  return [
    row('s1', '2026-11-22'),
    row('s2', '2026-11-21', {
      anomalies: 0,
      review: { by: '吴审计', at: now, note: '无异常。' },
    }),
    row('s3', '2026-10', { kind: 'monthly', madeBy: '吴审计' }),
  ]
}

/** An auditor's day: a thousand records and everything that is made of them. */
export function fillAuditDesk(fake: FakeWorkstation, now: number): void {
  const last = 1000
  const search = searchIn(Array.from({ length: last }, (_, n) => record(n + 1, last, now)))
  Object.assign(fake.handlers, {
    'audit.search': search,
    'audit.candidates': ({ text }) =>
      text.includes('李')
        ? [
            {
              subject: { kind: 'account', id: '00000000-0000-4000-8000-000000000000' },
              label: '李明华',
              hint: '放射医师',
            },
            { subject: { kind: 'patient', id: 'index-of-patient-1' }, label: '李*', hint: 'P001' },
          ]
        : [],
    'audit.report': () => auditedReport(now),
    'audit.anomalies': () => anomalies(now),
    'audit.review-anomaly': () => ({}),
    'audit.verification': () => ({
      running: false,
      rows: 1000,
      total: 1000,
      startedAt: now - 5 * minute,
      finishedAt: now - 4 * minute,
      faults: [
        { seq: 421, fault: 'changed' },
        { seq: 0, fault: 'unguarded' },
      ],
      checkpoint: { seq: 990, at: now - 10 * minute, shippedSeq: 940, shippedAt: now - 60 * minute },
    }),
    'audit.verify': () => ({
      running: true,
      rows: 120,
      total: 1000,
      startedAt: now,
      finishedAt: null,
      faults: [],
      checkpoint: null,
    }),
    'audit.shipping': () => ({
      receiver: 'log.hospital.example:6514',
      shippedSeq: 940,
      lastShippedAt: now - 60 * minute,
      waiting: 60,
      oldestWaitingAt: now - 59 * minute,
      stalledSince: now - 58 * minute,
      lastError: 'unreachable',
    }),
    'audit.summaries': () => summaries(now),
    'audit.make-summary': ({ kind, period }) => ({ ...summaries(now)[0]!, id: 's1', kind, period }),
    'audit.save-summary': ({ format }) => ({ path: `C:\\审计\\审计日报-20261122.${format}` }),
    'audit.review-summary': () => ({}),
  } satisfies Partial<FakeWorkstation['handlers']>)
}
