import type { AccessTerms, Relationship } from './decide-access.ts'

/** Who might have to do with an exam. */
export interface Reader {
  /** Null for nobody in particular: what everybody with these duties has to do with an exam. */
  accountId: string | null
  /** Writes reports. */
  reports: boolean
  /** Makes exams. */
  makesExams: boolean
  /** Answers for the quality of reports. */
  oversees: boolean
}

/** Where an exam and its report stand; people by account id, times epoch ms. */
export interface ExamStanding {
  signed: boolean
  signedAt: number | null
  /** Who wrote, and who reviewed, what is signed or handed in; empty where nobody did. */
  writtenBy: string
  reviewedBy: string
  /** Whose the exam is now, by draft or claim. */
  holder: string | null
  /** When it was made, or is to be made. */
  examAt: number | null
}

const dayMs = 86_400_000

/**
 * What a person has to do with an exam; null for nothing. Days count from `today`, the gateway's midnight, so that the answer
 * for nobody in particular stays the same for a day.
 */
export function relationshipOf(
  reader: Reader,
  exam: ExamStanding,
  when: { today: number },
  { relationshipDays }: Pick<AccessTerms, 'relationshipDays'>,
): Relationship | null {
  const { accountId } = reader
  if (accountId !== null && exam.holder === accountId) return 'reading'
  // The reading room is one group: what waits for a report is everybody's who writes them.
  if (reader.reports && !exam.signed) return 'reading'
  const fresh =
    exam.signed && (exam.signedAt === null || exam.signedAt >= when.today - (relationshipDays - 1) * dayMs)
  if (fresh && accountId !== null && (exam.writtenBy === accountId || exam.reviewedBy === accountId))
    return 'author'
  if (fresh && reader.oversees) return 'oversight'
  const { examAt } = exam
  if (reader.makesExams && examAt !== null && examAt >= when.today && examAt < when.today + dayMs)
    return 'own-day'
  return null
}
