import { auditActor, type Handlers } from '../http/index.ts'
import { type Accounts, type CertificateStanding, certificateFrom } from '../identity/index.ts'
import type { Sessions } from '../sessions/index.ts'

/** The bootstrap administrator's one task. */
export function bootstrapHandlers(deps: {
  accounts: Accounts
  standing: CertificateStanding
  sessions: Pick<Sessions, 'end'>
}): Handlers<'bootstrap' | 'createOfficer'> {
  const { accounts, standing, sessions } = deps
  return {
    async bootstrap() {
      const names = await accounts.displayNames()
      const officers = await accounts.bootstrap.officers()
      return {
        created: officers.map(({ role, accountId }) => ({ role, displayName: names.get(accountId) ?? '' })),
      }
    },
    async createOfficer({ body, principal, address }) {
      const { role, certificate: source, ...person } = body
      const certificate = certificateFrom(source)
      // An officer whose key cannot sign in would leave the role empty with nobody to fill it.
      await standing.mustBeGood(certificate)
      const actor = auditActor(principal, address)
      const created = await accounts.bootstrap.createOfficer(person, { role, certificate }, actor)
      if (created.remaining.length === 0) await sessions.end(principal.sessionId, 'bootstrap-done', actor)
      return created
    },
  }
}
