import type { CertificateRow } from '../../shared/api/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Accounts, CertificateStanding, IssuerCertificate } from '../identity/index.ts'
import type { Sessions } from '../sessions/index.ts'
import { accountHandlers } from './account-handlers.ts'
import { bootstrapHandlers } from './bootstrap-handlers.ts'
import { certificateHandlers } from './certificate-handlers.ts'
import { createNames } from './names.ts'
import { policyHandlers } from './policy-handlers.ts'
import { recordHandlers } from './record-handlers.ts'
import { liveSessionHandlers } from './session-handlers.ts'

export { machineCertificates } from './machine-certificates.ts'
export { createNames, withNames } from './names.ts'

/** What the three officers see and do; workstations and second factors are with their own capability. */
export function administrationHandlers(
  foundation: Foundation,
  deps: {
    accounts: Accounts
    standing: CertificateStanding
    sessions: Sessions
    /** The hospital's user CAs. */
    userCas(): Promise<readonly IssuerCertificate[]>
    /** Rows of the certificates list beside people's and their CAs'. */
    otherCertificates(): Promise<CertificateRow[]>
  },
) {
  const { accounts, sessions, otherCertificates: others } = deps
  const names = createNames(foundation, accounts.displayNames)
  return {
    ...accountHandlers(deps),
    ...bootstrapHandlers(deps),
    ...certificateHandlers(foundation, { ...deps, others }),
    ...policyHandlers(foundation, names),
    ...liveSessionHandlers(sessions),
    ...recordHandlers(foundation.audit, names),
  }
}
