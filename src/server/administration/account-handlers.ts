import { auditActor, type Handlers } from '../http/index.ts'
import { type Accounts, type CertificateStanding, certificateFrom } from '../identity/index.ts'
import type { Sessions } from '../sessions/index.ts'

type Names =
  | 'accounts'
  | 'createAccount'
  | 'editAccount'
  | 'disableAccount'
  | 'enableAccount'
  | 'authoriseAccount'
  | 'bindCertificate'
  | 'revokeCertificate'
  | 'createBindingCode'

/** Who the people are (system administrator), what they may do and by which keys they are known (security officer). */
export function accountHandlers(deps: {
  accounts: Accounts
  standing: CertificateStanding
  sessions: Pick<Sessions, 'sweep'>
}): Handlers<Names> {
  const { accounts, standing, sessions } = deps

  /** What was taken away ends the sessions that stood on it, now and not with the next look at them. */
  async function settled(change: Promise<void>): Promise<Record<string, never>> {
    await change
    await sessions.sweep()
    return {}
  }

  return {
    accounts: () => accounts.list(),
    createAccount: async ({ body, principal, address }) => ({
      id: await accounts.create(body, auditActor(principal, address)),
    }),
    async editAccount({ params, body, principal, address }) {
      await accounts.edit(params.id, body, auditActor(principal, address))
      return {}
    },
    disableAccount: ({ params, body, principal, address }) =>
      settled(accounts.disable(params.id, body.reason, auditActor(principal, address))),
    async enableAccount({ params, body, principal, address }) {
      await accounts.enable(params.id, body.reason, auditActor(principal, address))
      return {}
    },
    authoriseAccount: ({ params, body, principal, address }) =>
      settled(accounts.authorise(params.id, body, auditActor(principal, address))),
    async bindCertificate({ params, body, principal, address }) {
      const certificate = certificateFrom(body.certificate)
      // Its CA is not asked for here: intermediates may come with the first sign-in only.
      standing.mustBeFit(certificate)
      const actor = auditActor(principal, address)
      return { fingerprint: await accounts.bindCertificate(params.id, certificate.der, actor) }
    },
    revokeCertificate: ({ params, body, principal, address }) =>
      settled(accounts.revokeCertificate(params.fingerprint, body.reason, auditActor(principal, address))),
    createBindingCode: ({ params, principal, address }) =>
      accounts.createBindingCode(params.id, auditActor(principal, address)),
  }
}
