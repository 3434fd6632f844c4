import type { WorklistRow } from '../../shared/worklist/index.ts'

export type ExamFilter = 'all' | 'waiting' | 'done' | 'arrived'

export function passesExamFilter(row: Pick<WorklistRow, 'examStatus'>, filter: ExamFilter): boolean {
  return filter === 'all' || row.examStatus === (filter === 'waiting' ? 'ordered' : filter)
}

const stage = { ordered: 0, done: 1, arrived: 2 } as const

/** What is still to do first; among those the emergencies, then by the time they are due. */
export function inExamOrder(rows: readonly WorklistRow[]): WorklistRow[] {
  const due = (row: WorklistRow) => row.examAt ?? Number.MAX_SAFE_INTEGER
  return rows.toSorted(
    (a, b) =>
      stage[a.examStatus] - stage[b.examStatus] ||
      Number(b.priority === 'stat') - Number(a.priority === 'stat') ||
      due(a) - due(b),
  )
}
