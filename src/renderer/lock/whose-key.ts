import type { SessionView } from '../../shared/session/index.ts'
import { commonName, type TokenChoice } from '../token/index.ts'

/**
 * Whether a key looks like another person's than whose session is locked: not the one that signed in last here, and made
 * out to another name. A guess that only chooses which form shows first; who it is, the gateway finds out.
 */
export function looksLikeAnothers(
  choice: TokenChoice | null,
  session: Pick<SessionView, 'displayName' | 'loginName'>,
  lastToken: string,
): boolean {
  if (!choice?.certificate || choice.token.id === lastToken) return false
  const name = commonName(choice.certificate.subject).toLowerCase()
  return !name.includes(session.displayName.toLowerCase()) && !name.includes(session.loginName.toLowerCase())
}
