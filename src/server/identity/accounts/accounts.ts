import type { Foundation } from '../../foundation.ts'
import { type AccountList, createAccountList } from './account-list.ts'
import { type Authority, createAuthority } from './authority.ts'
import { type BindingCodes, createBindingCodes } from './binding-codes.ts'
import { type Bootstrap, createBootstrap } from './bootstrap.ts'
import { type BoundCertificate, createBoundCertificates } from './bound-certificates.ts'
import { type Certificates, createCertificates } from './certificates.ts'
import { createOpenedValues } from './opened-values.ts'
import { createPeople, type People } from './people.ts'

/** Accounts are people: one login name, one staff number, what they may do, and the certificates that speak for them. */
export interface Accounts extends People, Authority, Certificates, BindingCodes, AccountList {
  bootstrap: Bootstrap
  /** Every certificate that was ever bound. */
  boundCertificates(): Promise<BoundCertificate[]>
}

export function createAccounts(foundation: Foundation): Accounts {
  const certificates = createBoundCertificates(foundation)
  const opened = createOpenedValues(foundation)
  return {
    ...createPeople(foundation, certificates),
    ...createAuthority(foundation, certificates),
    ...createCertificates(foundation, certificates),
    ...createBindingCodes(foundation, certificates),
    ...createAccountList(foundation, { certificates, opened }),
    bootstrap: createBootstrap(foundation, certificates),
    boundCertificates: certificates.all,
  }
}
