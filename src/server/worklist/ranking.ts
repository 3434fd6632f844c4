import type { WorklistSort } from '../../shared/worklist/index.ts'
import type { Exam, Face } from './exam.ts'

/** Where an exam stands in an order: by `group`, then `value`, then the newest first. */
export interface Rank {
  group: number
  value: number
}

/** What an order may look at: the exam's face for everybody of this kind, whoever they are. */
export interface RankingView {
  reports: boolean
  alerts: boolean
  /** Midnight before which an exam has long been waiting: it is history, not work. */
  recentFrom: number
}

const last: Rank = { group: 1, value: 0 }

/** The text that a column is sorted by; null for a column of numbers. */
export function textOf(column: WorklistSort['column'], { row }: Face, view: RankingView): string | null {
  switch (column) {
    case 'name':
      return row.patientName
    case 'accession':
      return row.accessionNumber
    case 'imagingNumber':
      return row.imagingNumber
    case 'item':
      return row.itemName
    case 'bodyPart':
      return row.bodyPart
    case 'modality':
      return row.modality
    case 'department':
      return row.orderingDepartment
    case 'reportedBy':
      return view.reports ? row.reportedBy : ''
    case 'reviewedBy':
      return view.reports ? row.reviewedBy : ''
    default:
      return null
  }
}

/** Ascending. What has no value comes last, whichever way the column is sorted. */
export function rankOf(
  column: WorklistSort['column'],
  face: Face,
  view: RankingView,
  rankText: (text: string) => number,
): Rank {
  const text = textOf(column, face, view)
  if (text !== null) return text === '' ? last : { group: 0, value: rankText(text) }
  const { row } = face
  switch (column) {
    case 'status':
      return { group: 0, value: progress(face, view) }
    case 'examAt':
      return row.examAt === null ? last : { group: 0, value: row.examAt }
    case 'waiting':
      // Ascending is from the shortest wait.
      return isWaiting(face, view) && row.examAt !== null ? { group: 0, value: -row.examAt } : last
    case 'critical': {
      if (!view.alerts) return last
      const value = row.criticalOpen * 1e6 + row.criticalAlerts * 1e3 + (view.reports ? row.suspected : 0)
      return value === 0 ? last : { group: 0, value }
    }
    default:
      return readingOrder(face, view)
  }
}

const isSigned = ({ row }: Face, view: RankingView) => view.reports && row.reportStatus === 'signed'
const isWaiting = (face: Face, view: RankingView) =>
  face.row.examStatus === 'arrived' && !isSigned(face, view)

const stages = ['none', 'draft', 'rejected', 'submitted', 'reviewing', 'signed']

function progress({ row }: Face, view: RankingView): number {
  if (row.examStatus !== 'arrived') return row.examStatus === 'ordered' ? 0 : 1
  return 2 + (view.reports ? stages.indexOf(row.reportStatus) : 0)
}

/**
 * What is to be read next: emergencies whose images are there, then the other exams of these days, each by how long they wait;
 * then what lies further back, what has no images yet and what the person may not open, the newest first; last what is signed.
 * For who reads none: emergencies of these days, then the newest.
 */
function readingOrder(face: Face, view: RankingView): Rank {
  const { row } = face
  const at = row.examAt ?? 0
  const stat = row.priority === 'stat'
  const recent = at >= view.recentFrom
  if (!view.reports) return { group: stat && recent ? 0 : 1, value: -at }
  if (isSigned(face, view)) return { group: 6, value: -at }
  if (row.examStatus !== 'arrived') return { group: stat ? 3 : 4, value: -at }
  if (row.masked) return { group: 5, value: -at }
  if (stat) return { group: 0, value: at }
  return recent ? { group: 1, value: at } : { group: 2, value: -at }
}

export function compareRanked(a: Ranked, b: Ranked): number {
  return (
    a.group - b.group ||
    a.value - b.value ||
    b.examAt - a.examAt ||
    (a.exam.id < b.exam.id ? -1 : a.exam.id > b.exam.id ? 1 : 0)
  )
}

export interface Ranked extends Rank {
  exam: Exam
  examAt: number
}
