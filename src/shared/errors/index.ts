import { z } from 'zod'

/**
 * Every failure that may cross a process boundary (gateway → workstation, main → renderer).
 * A closed union: the far side decides by the code and words it in the user's language; no message string ever crosses.
 */
export const ErrorCode = z.enum([
  // the request itself
  'bad-request',
  'not-found',
  'too-large',
  'conflict',
  'internal',
  /** Nothing is done of which no audit record can be written. */
  'audit-unavailable',
  // channel
  'gateway-unreachable',
  'gateway-untrusted',
  'gateway-protocol',
  'client-certificate-required',
  'workstation-unknown',
  'workstation-revoked',
  'workstation-suspended',
  'workstation-not-enrolled',
  'enrolment-code-invalid',
  'enrolment-closed',
  'clock-skewed',
  // access
  'permission-denied',
  'own-account',
  'last-officer',
  'certificate-bound',
  'session-required',
  // token (workstation side)
  'token-absent',
  'token-driver-failed',
  'token-certificate-unsuitable',
  'pin-wrong',
  'pin-locked',
  'token-changed',
  'pin-unacceptable',
  'pin-change-unsupported',
  // sign-in (gateway side)
  'challenge-invalid',
  'signature-invalid',
  'certificate-untrusted',
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-revoked',
  'certificate-unsuitable',
  'revocation-unknown',
  'account-unknown',
  'account-disabled',
  'account-not-authorised',
  'binding-code-invalid',
  'password-required',
  'password-wrong',
  'password-not-set',
  'password-change-required',
  'password-unacceptable',
  'credentials-wrong',
  'totp-code-wrong',
  'locked-out',
  'session-elsewhere',
  'session-cap',
  'other-account',
  // session
  'session-locked',
  'session-ended',
  'too-many-requests',
  // archive
  'study-not-found',
  'instance-broken',
  'archive-unavailable',
  /** Its sensitivity label is above the person's clearance, and they have not broken the glass. */
  'study-restricted',
  'store-refused',
  // report and critical values
  'report-locked-by-other',
  'report-changed',
  'report-already-signed',
  'report-empty',
  'report-not-submitted',
  'report-under-review',
  'exam-claimed',
  'key-image-missing',
  'nothing-changed',
  'finding-undecided',
  'amendment-required',
  'alert-already-raised',
  'alert-undecided',
  'alert-check-required',
  'alert-not-open',
  'alert-handled',
  'dictionary-invalid',
  'dictionary-untested',
  'second-person-required',
  // hospital interfaces
  'message-unusable',
  'target-unknown',
  // local store
  'vault-unavailable',
  'draft-unreadable',
])
export type ErrorCode = z.infer<typeof ErrorCode>

/** Facts that go with a code, for the user's sentence: counts, times (epoch ms), names of fields. Never a secret, never clinical text. */
export const ErrorFacts = z.record(
  z.string().max(40),
  z.union([z.string().max(400), z.number(), z.boolean()]),
)
export type ErrorFacts = z.infer<typeof ErrorFacts>

/** The body of every refusal on the wire. */
export const Failure = z.object({ code: ErrorCode, facts: ErrorFacts.optional() })
export type Failure = z.infer<typeof Failure>

/** An error that may cross a process boundary. Its message is the code alone, so that a log of it holds nothing else. */
export class VigilError extends Error {
  readonly code: ErrorCode
  readonly facts: ErrorFacts

  constructor(code: ErrorCode, facts: ErrorFacts = {}, options?: { cause?: unknown }) {
    super(code, options)
    this.name = 'VigilError'
    this.code = code
    this.facts = facts
  }

  /** What crosses the boundary. */
  toFailure(): Failure {
    return { code: this.code, facts: this.facts }
  }
}

/** The failure to hand across a boundary for any thrown value; what is not a VigilError is `internal` and tells nothing. */
export function failureOf(thrown: unknown): Failure {
  return thrown instanceof VigilError ? thrown.toFailure() : { code: 'internal' }
}
