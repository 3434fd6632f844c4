import type { ErrorCode } from '../../shared/errors/index.ts'

/** The HTTP status of each failure. The code in the body is what the far side decides by; this is for what lies between. */
const statuses: Partial<Record<ErrorCode, number>> = {
  'bad-request': 400,
  'not-found': 404,
  'too-large': 413,
  conflict: 409,
  internal: 500,
  'audit-unavailable': 503,

  'client-certificate-required': 401,
  'workstation-unknown': 401,
  'workstation-revoked': 401,
  'workstation-suspended': 403,
  'enrolment-code-invalid': 403,
  'enrolment-closed': 403,

  'permission-denied': 403,
  'session-required': 403,
  'own-account': 403,
  'last-officer': 409,
  'certificate-bound': 409,

  'challenge-invalid': 403,
  'signature-invalid': 403,
  'certificate-untrusted': 403,
  'certificate-expired': 403,
  'certificate-not-yet-valid': 403,
  'certificate-revoked': 403,
  'certificate-unsuitable': 403,
  'revocation-unknown': 503,
  'account-unknown': 403,
  'account-disabled': 403,
  'password-required': 403,
  'password-wrong': 403,
  'account-not-authorised': 403,
  'binding-code-invalid': 403,
  'password-not-set': 403,
  'password-change-required': 403,
  'password-unacceptable': 422,
  'credentials-wrong': 403,
  'totp-code-wrong': 403,
  'locked-out': 403,
  'session-cap': 409,
  'session-elsewhere': 409,
  'other-account': 403,

  'session-locked': 423,
  'session-ended': 401,
  'too-many-requests': 429,

  'study-not-found': 404,
  'instance-broken': 422,
  'archive-unavailable': 503,

  'report-locked-by-other': 409,
  'report-changed': 409,
  'report-already-signed': 409,
  'study-restricted': 403,
  'store-refused': 422,
  'report-not-submitted': 409,
  'report-under-review': 409,
  'exam-claimed': 409,
  'key-image-missing': 409,
  'report-empty': 422,
  'nothing-changed': 422,
  'finding-undecided': 422,
  'amendment-required': 422,
  'alert-already-raised': 409,
  'alert-undecided': 422,
  'alert-check-required': 403,
  'alert-not-open': 409,
  'alert-handled': 409,
  'dictionary-invalid': 422,
  'dictionary-untested': 409,
  'second-person-required': 403,

  'message-unusable': 422,
  'target-unknown': 404,
}

/** 500 for the codes that only a workstation gives. */
export function statusOf(code: ErrorCode): number {
  return statuses[code] ?? 500
}
