import type { WorklistRow } from '../../shared/api/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'
import type { AlertCounts } from '../critical/index.ts'
import { examFacts, type KeptOrder, orderFits, preferred, type SamePatient } from '../orders/index.ts'
import type { ReportSummary } from '../reports/index.ts'

/** What the worklist joins. `studyKey` gives the key under which reports and alerts know a study. */
export interface WorklistSources {
  orders: readonly KeptOrder[]
  studies: readonly StudySummary[]
  samePatient: SamePatient
  /** Whether it is for a person who may correct what was typed in. */
  corrects: boolean
  /** Null for a person who may not see reports: nothing of them is then in any row. */
  clinical: {
    studyKey: (studyInstanceUid: string) => string
    reports: ReadonlyMap<string, ReportSummary>
    alerts: ReadonlyMap<string, AlertCounts>
    names: ReadonlyMap<string, string>
  } | null
}

/** A row, and its patient's name in Latin letters, which is searched but not sent. */
export interface WorklistEntry {
  row: WorklistRow
  pinyin: string
}

/**
 * One entry for each exam: every study, with its order where there is one, and every order whose images have not come and
 * that was not cancelled.
 */
export function worklistRows(sources: WorklistSources): WorklistEntry[] {
  const { orders, studies, samePatient } = sources
  const byUid = Map.groupBy(orders, ({ order }) => order.studyInstanceUid ?? '')
  const byAccession = new Map(orders.map((kept) => [kept.order.accessionNumber, kept]))
  const arrived = new Set<KeptOrder>()
  const entries = studies.map((study) => {
    const byNumber = byAccession.get(study.accessionNumber)
    const candidates = [...(byUid.get(study.studyInstanceUid) ?? []), ...(byNumber ? [byNumber] : [])]
    const fitting = candidates.filter(({ order }) => orderFits(order, study, samePatient))
    // Its other orders are of the same exam: they do not wait for images.
    for (const kept of fitting) arrived.add(kept)
    return entryOf(preferred(fitting) ?? null, study, sources)
  })
  for (const kept of orders) {
    if (!arrived.has(kept) && kept.cancelledAt === null) entries.push(entryOf(kept, null, sources))
  }
  return entries
}

/** STAT first, then the newest; exams without a time last. */
export function byUrgency({ row: a }: WorklistEntry, { row: b }: WorklistEntry): number {
  if (a.priority !== b.priority) return a.priority === 'stat' ? -1 : 1
  return (b.examAt ?? 0) - (a.examAt ?? 0)
}

function entryOf(
  kept: KeptOrder | null,
  study: StudySummary | null,
  { clinical, corrects }: WorklistSources,
): WorklistEntry {
  const order = kept?.order ?? null
  const facts = examFacts(order, study)
  const key = study && clinical?.studyKey(study.studyInstanceUid)
  const report = key ? clinical?.reports.get(key) : undefined
  const alerts = key ? clinical?.alerts.get(key) : undefined
  const row: WorklistRow = {
    studyInstanceUid: study?.studyInstanceUid ?? null,
    accessionNumber: order?.accessionNumber ?? study?.accessionNumber ?? '',
    patientId: facts.patientId,
    patientName: facts.patientName,
    sex: facts.sex,
    age: facts.age,
    patientClass: order?.patientClass ?? '',
    priority: order?.priority ?? 'routine',
    modality: facts.modality,
    itemName: facts.itemName,
    bodyPart: facts.bodyPart,
    orderingDepartment: order?.orderingDepartment ?? '',
    ward: order?.ward ?? '',
    bed: order?.bed ?? '',
    examAt: facts.examAt,
    examStatus: study ? 'arrived' : kept?.examDoneAt ? 'done' : 'ordered',
    seriesCount: study?.seriesCount ?? 0,
    instanceCount: study?.instanceCount ?? 0,
    reportStatus: report?.status ?? 'none',
    reportedBy: (report && clinical?.names.get(report.accountId)) ?? '',
    criticalAlerts: alerts?.alerts ?? 0,
    criticalOpen: alerts?.open ?? 0,
    ...(corrects && kept?.source === 'typed' ? { typedOrder: kept.order } : {}),
  }
  return { row, pinyin: facts.patientNamePinyin }
}
