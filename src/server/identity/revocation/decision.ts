import type { SecurityPolicy } from '../../../shared/policy/index.ts'

export type RevocationStatus = 'good' | 'revoked' | 'unknown'

/**
 * What an OCSP responder said: `unknown` is its own word (RFC 6960 2.2), `none` that there was no answer that counts,
 * `unasked` that there is nobody to ask.
 */
export type OcspAnswer = RevocationStatus | 'none' | 'unasked'

/** What a certificate counts as, from the lists and the responder together. `unknown` is refused. */
export function revocationVerdict(
  lists: RevocationStatus,
  ocsp: OcspAnswer,
  rules: { crlRequired: boolean; ocsp: SecurityPolicy['revocation']['ocsp'] },
): RevocationStatus {
  if (lists === 'revoked' || ocsp === 'revoked') return 'revoked'
  if (lists === 'unknown' && rules.crlRequired) return 'unknown'
  if (rules.ocsp === 'off' || ocsp === 'good') return 'good'
  // A responder that does not know a certificate of its own CA is no lack of an answer.
  if (ocsp === 'unknown') return 'unknown'
  return rules.ocsp === 'fail-closed' ? 'unknown' : 'good'
}
