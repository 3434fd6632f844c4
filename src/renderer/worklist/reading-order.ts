import type { ReportStatus } from '../../shared/report/index.ts'
import type { WorklistRow } from '../../shared/worklist/index.ts'

/** What a radiologist calls the state of an exam. */
export type ReadingStatus = 'ordered' | 'done' | 'to-report' | Exclude<ReportStatus, 'none'>

export function readingStatus(row: Pick<WorklistRow, 'examStatus' | 'reportStatus'>): ReadingStatus {
  if (row.reportStatus !== 'none') return row.reportStatus
  return row.examStatus === 'arrived' ? 'to-report' : row.examStatus
}

/** An emergency that still waits for its report. */
export function isUrgent(row: Pick<WorklistRow, 'priority' | 'reportStatus'>): boolean {
  return row.priority === 'stat' && row.reportStatus !== 'signed'
}

/** How long an exam has been waiting for its report, in ms; null where it is not waiting. */
export function waitingMs(
  row: Pick<WorklistRow, 'examAt' | 'examStatus' | 'reportStatus'>,
  now: number,
): number | null {
  const waits = row.examStatus === 'arrived' && row.reportStatus !== 'signed'
  return waits && row.examAt !== null && row.examAt <= now ? now - row.examAt : null
}

/** How much a wait should catch the eye: an emergency's from half an hour on, any other's from the next day on. */
export function waitingConcern(
  row: Pick<WorklistRow, 'priority' | 'reportStatus'>,
  ms: number,
): 'calm' | 'due' | 'overdue' {
  const hour = 3_600_000
  const [due, overdue] = isUrgent(row) ? [hour / 2, 2 * hour] : [24 * hour, 48 * hour]
  return ms >= overdue ? 'overdue' : ms >= due ? 'due' : 'calm'
}

/** What tells one row from all others: an order without images has no study, a study without order no accession number. */
export function rowKey(row: Pick<WorklistRow, 'studyInstanceUid' | 'accessionNumber'>): string {
  return `${row.accessionNumber}\n${row.studyInstanceUid ?? ''}`
}
