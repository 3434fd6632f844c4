import { OfficerRole } from '../../../shared/access/index.ts'
import { NewAccount } from '../../../shared/account/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { Certificate } from '../certificate.ts'
import { type Actor, checked, insertAccount } from './account-row.ts'
import type { BoundCertificates } from './bound-certificates.ts'
import { holdersOf, retireBootstrap, vacantRoles } from './officers.ts'

/** How a new gateway comes to its three officers, without any account that came with the product. */
export interface Bootstrap {
  /**
   * The one account that is made without an officer.
   * @returns its id. @throws VigilError `conflict` with `field: 'officer'` where there is an officer, or another bootstrap
   * administrator, who is enabled; `bad-request`, `certificate-bound`.
   */
  createAdministrator(person: NewAccount, certificate: Certificate, by: Actor): Promise<string>
  /** The officer roles that are taken, and by whom (account ids). */
  officers(): Promise<{ role: OfficerRole; accountId: string }[]>
  /**
   * One of the three officers, with a key. The third ends the bootstrap administrator's task: it is disabled in the same
   * transaction.
   * @throws VigilError `conflict` with `field: 'role'` where the role is taken; `bad-request`, `conflict`, `certificate-bound`.
   */
  createOfficer(
    person: NewAccount,
    more: { role: OfficerRole; certificate: Certificate },
    by: Actor,
  ): Promise<{ remaining: OfficerRole[] }>
}

export function createBootstrap(foundation: Foundation, certificates: BoundCertificates): Bootstrap {
  const { store } = foundation
  const ordinary = { clearance: 'general', emergency: false } as const

  return {
    async createAdministrator(input, certificate, by) {
      const person = checked(NewAccount, input)
      return store.transaction(async (trx) => {
        const vacant = await vacantRoles(trx)
        const another = await holdersOf(trx, 'bootstrap-administrator')
        if (vacant.length < OfficerRole.options.length || another.length > 0)
          throw new VigilError('conflict', { field: 'officer' })
        const roles = ['bootstrap-administrator'] as const
        const id = await insertAccount(foundation, trx, { ...person, ...ordinary, roles }, by)
        await certificates.insert(trx, id, certificate, by)
        return id
      })
    },

    async officers() {
      const taken: { role: OfficerRole; accountId: string }[] = []
      for (const role of OfficerRole.options) {
        for (const accountId of await holdersOf(store.db, role)) taken.push({ role, accountId })
      }
      return taken
    },

    async createOfficer(input, { role, certificate }, by) {
      const person = checked(NewAccount, input)
      return store.transaction(async (trx) => {
        const vacant = await vacantRoles(trx)
        if (!vacant.includes(role)) throw new VigilError('conflict', { field: 'role' })
        const id = await insertAccount(foundation, trx, { ...person, ...ordinary, roles: [role] }, by)
        await certificates.insert(trx, id, certificate, by)
        await retireBootstrap(foundation, trx, by)
        return { remaining: vacant.filter((other) => other !== role) }
      })
    },
  }
}
