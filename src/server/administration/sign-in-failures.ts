import { z } from 'zod'
import { type AuditRow, SignInFailureRow } from '../../shared/api/index.ts'
import { ErrorCode } from '../../shared/errors/index.ts'

type Purpose = SignInFailureRow['purpose']

/** The audit's actions that tell of an attempt that failed, and what it was for; null where the record says. */
const purposes: Record<string, Purpose | null> = {
  'sign-in.refused': 'sign-in',
  'session.unlock-refused': 'unlock',
  'token.failed': null,
  'workstation.enrol-refused': 'enrolment',
}
export const failureActions = Object.keys(purposes)

/** A record that was damaged says nothing but when, and of what kind. */
const Detail = z.object({
  code: z.string().catch('internal'),
  /** The true reason, where the answer did not tell it. */
  why: ErrorCode.optional().catch(undefined),
  purpose: SignInFailureRow.shape.purpose.catch('sign-in'),
  accountId: z.string().catch(''),
  fingerprint: z.string().optional().catch(undefined),
  certificate: z.string().catch(''),
})

/** A failed attempt as the security officer sees it. */
export function failureRow(
  row: AuditRow,
  names: { people: ReadonlyMap<string, string>; workstations: ReadonlyMap<string, string> },
): SignInFailureRow {
  const detail = Detail.parse(row.detail)
  const [kind, id = ''] = row.actor.split(':', 2)
  const accountId = detail.accountId || (kind === 'account' ? id : '')
  return {
    seq: row.seq,
    at: row.at,
    purpose: purposes[row.action] ?? detail.purpose,
    code: detail.why ?? detail.code,
    person: names.people.get(accountId) ?? '',
    workstation: names.workstations.get(row.workstation ?? '') ?? '',
    address: row.address ?? '',
    certificate: detail.fingerprint ?? detail.certificate,
  }
}
