import { displayDate } from '../display/person.ts'
import type { Say } from '../texts/index.ts'

interface Dated {
  studyDate: string
  studyTime: string
}

/** 既往 and the date of an exam that stands beside the current one; 后续 where it was made after it, so that nobody reads the course backwards. */
export function comparisonMark(current: Dated, other: Dated, say: Say): string {
  const later = `${other.studyDate}${other.studyTime}` > `${current.studyDate}${current.studyTime}`
  return say(later ? 'compared.later' : 'compared.prior', { date: displayDate(other.studyDate) || '—' })
}
