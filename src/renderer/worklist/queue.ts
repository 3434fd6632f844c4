import type { WorklistFilter, WorklistRow } from '../../shared/worklist/index.ts'

const reviews = (filter: WorklistFilter) => filter.status === 'to-review'

/**
 * The queue that a view stands for: its filter with what waits to be written, or to be reviewed where that is what it shows. What was
 * searched for was one exam's, not the queue's.
 */
export function queueOf(filter: WorklistFilter): WorklistFilter {
  const working = ['to-report', 'mine', 'draft', 'rejected', 'to-review'].includes(filter.status)
  return { ...filter, search: undefined, status: working ? filter.status : 'to-report' }
}

/** Whether a person may take this exam next: its images are there, nobody else has it, and something is to be done. */
export function isWaiting(row: WorklistRow, queue: WorklistFilter, person: string): boolean {
  if (row.studyInstanceUid === null || row.masked || row.examStatus !== 'arrived') return false
  if (reviews(queue)) return row.reportStatus === 'submitted' && row.reportedBy !== person
  if (row.claimedBy && !row.claimedBy.own) return false
  const begun = ['mine', 'draft', 'rejected'].includes(queue.status)
  return (
    row.reportStatus === 'none' || (begun && ['draft', 'rejected', 'reviewing'].includes(row.reportStatus))
  )
}

/** What is left of a stretch of the queue for who is at `study`: first what they have not passed over, then what they have. */
export function waitingOf(
  rows: readonly WorklistRow[],
  queue: WorklistFilter,
  { study, passed, person }: { study: string | null; passed: ReadonlySet<string>; person: string },
): { fresh: WorklistRow[]; passed: WorklistRow[] } {
  const waiting = rows.filter((row) => row.studyInstanceUid !== study && isWaiting(row, queue, person))
  const before = (row: WorklistRow) => passed.has(row.studyInstanceUid ?? '')
  return { fresh: waiting.filter((row) => !before(row)), passed: waiting.filter(before) }
}

/** Whether the exam that is left is to be given back: claimed on the way, and nothing was written. */
export function givesBack(row: WorklistRow | undefined): boolean {
  return row?.claimedBy?.own === true && row.reportStatus === 'none'
}

export function isReviewQueue(queue: WorklistFilter): boolean {
  return reviews(queue)
}
