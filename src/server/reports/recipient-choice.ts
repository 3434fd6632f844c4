import type { PreparedSignOff } from '../../shared/api/index.ts'
import { needsDecision, type SectionFinding } from '../../shared/critical/index.ts'
import { type InForce, recipientsFor } from '../critical/index.ts'
import type { Exam } from './drawing.ts'

/** Whom an alert may go to follows from these: where they changed since, somebody must look again. */
export function sideOf({ order }: Exam) {
  return {
    ward: order?.ward ?? '',
    department: order?.orderingDepartment ?? '',
    doctor: order?.orderingDoctor ?? '',
  }
}

/** The one to be told by default comes first: by the rules, unless the types of all that was found agree on another. */
export function recipientsOf(
  exam: Exam,
  findings: readonly SectionFinding[],
  { entries, rules }: InForce['dictionary'],
): PreparedSignOff['recipients'] {
  const recipients = new Map(entries.map(({ code, recipient }) => [code, recipient]))
  const wanted = new Set(
    findings.filter(needsDecision).map(({ type }) => recipients.get(type) ?? rules.recipient),
  )
  const [only] = wanted
  return recipientsFor(sideOf(exam), rules, wanted.size === 1 && only ? only : rules.recipient)
}
