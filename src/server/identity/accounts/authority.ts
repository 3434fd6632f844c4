import type { Role } from '../../../shared/access/index.ts'
import { AccountAuthority, type Clearance } from '../../../shared/account/index.ts'
import type { Foundation } from '../../foundation.ts'
import { type Actor, accountRow, checked, rolesOf } from './account-row.ts'
import type { BoundCertificates } from './bound-certificates.ts'
import { mustNotBeBootstrap, mustNotBeLast, mustNotBeOwn, retireBootstrap } from './officers.ts'

/** What the people may do: the security officer's part. */
export interface Authority {
  /**
   * Roles, clearance and emergency, as a whole.
   * @throws VigilError `bad-request` naming the field, `not-found`, `own-account`, `last-officer`, or `permission-denied` for
   * the bootstrap administrator.
   */
  authorise(
    id: string,
    authority: { roles: readonly Role[]; clearance: Clearance; emergency: boolean },
    by: Actor,
  ): Promise<void>
}

export function createAuthority(foundation: Foundation, certificates: BoundCertificates): Authority {
  const { store, audit } = foundation
  return {
    async authorise(id, input, by) {
      const after = checked(AccountAuthority, input)
      mustNotBeOwn(by, id)
      await store.transaction(async (trx) => {
        const row = await accountRow(trx, id)
        mustNotBeBootstrap(row)
        const roles = rolesOf(row)
        const lost = roles.filter((role) => !(after.roles as readonly Role[]).includes(role))
        if (row.disabled === 0) await mustNotBeLast(trx, certificates, id, lost)
        const { clearance, emergency } = after
        await trx
          .updateTable('accounts')
          .set({ roles: JSON.stringify(after.roles), clearance, emergency: emergency ? 1 : 0 })
          .where('id', '=', id)
          .execute()
        await audit.append(trx, {
          action: 'account.authorised',
          outcome: 'success',
          actor: by,
          object: { kind: 'account', id },
          detail: {
            before: { roles, clearance: row.clearance, emergency: row.emergency !== 0 },
            after: { roles: after.roles, clearance, emergency },
          },
        })
        await retireBootstrap(foundation, trx, by)
      })
    },
  }
}
