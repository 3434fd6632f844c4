import type { AccountRow } from '../../../shared/api/index.ts'
import type { Foundation } from '../../foundation.ts'
import { accountPlace, rolesOf } from './account-row.ts'
import type { BoundCertificates } from './bound-certificates.ts'
import type { OpenedValues } from './opened-values.ts'
import { createSignInFacts } from './sign-in-facts.ts'

export interface AccountList {
  /** A value that was damaged is empty in it, and reported: one account's damage hides no other. */
  list(): Promise<AccountRow[]>
  /** Names by account id; of those whose sealed value is as it was, none is decrypted again. */
  displayNames(): Promise<Map<string, string>>
}

export function createAccountList(
  foundation: Foundation,
  deps: { certificates: BoundCertificates; opened: OpenedValues },
): AccountList {
  const { store } = foundation
  const { certificates, opened } = deps
  const signInFacts = createSignInFacts(foundation)

  return {
    async list() {
      const rows = await store.db.selectFrom('accounts').selectAll().orderBy('created_at').execute()
      const certificatesOf = await certificates.counts()
      const facts = await signInFacts()
      const accounts: AccountRow[] = []
      for (const row of rows) {
        const { id, sealed_staff_number: staff } = row
        accounts.push({
          id,
          loginName: await opened.open(accountPlace('sealed_login', id), row.sealed_login),
          displayName: await opened.open(accountPlace('sealed_name', id), row.sealed_name),
          staffNumber:
            staff === null ? '' : await opened.open(accountPlace('sealed_staff_number', id), staff),
          roles: rolesOf(row),
          clearance: row.clearance,
          emergency: row.emergency !== 0,
          disabled: row.disabled !== 0,
          certificates: certificatesOf.get(id) ?? 0,
          password: facts.passwords.get(id) ?? null,
          lockedUntil: facts.lockouts.get(row.login_index) ?? null,
          fallbackUntil: facts.fallbacks.get(id) ?? null,
          totpEnrolled: facts.totp.has(id),
          lastSignInAt: facts.signIns.get(id) ?? null,
          createdAt: row.created_at,
        })
      }
      return accounts
    },

    async displayNames() {
      const rows = await store.db.selectFrom('accounts').select(['id', 'sealed_name']).execute()
      const names = new Map<string, string>()
      for (const { id, sealed_name: sealed } of rows)
        names.set(id, await opened.open(accountPlace('sealed_name', id), sealed))
      return names
    },
  }
}
