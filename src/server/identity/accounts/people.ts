import { z } from 'zod'
import type { Role } from '../../../shared/access/index.ts'
import {
  AccountAuthority,
  type Clearance,
  DisplayName,
  NewAccount,
  StaffNumber,
} from '../../../shared/account/index.ts'
import { Reason } from '../../../shared/api/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { Schema } from '../../store/index.ts'
import {
  type Actor,
  accountPlace,
  accountRow,
  checked,
  insertAccount,
  loginIndexOf,
  rolesOf,
  staffColumns,
} from './account-row.ts'
import type { BoundCertificates } from './bound-certificates.ts'
import { mustNotBeBootstrap, mustNotBeLast, mustNotBeOwn, mustNotStrand } from './officers.ts'

/** A person with what they may do. Over the wire the two come from two officers. */
export interface NewPerson extends NewAccount {
  roles?: readonly Role[]
  clearance?: Clearance
  emergency?: boolean
}

const NewPersonSchema = NewAccount.extend(AccountAuthority.partial().shape)
const Edit = z.strictObject({ displayName: DisplayName, staffNumber: StaffNumber.optional() })

/** Who the people are: the system administrator's part. Nobody changes the own account (`own-account`). */
export interface People {
  /** @returns the id. @throws VigilError `bad-request`, or `conflict` for a login name or staff number that is another's; naming the field. */
  create(person: NewPerson, by: Actor): Promise<string>
  /** Name and staff number as a whole. @throws VigilError as above, or `not-found`. */
  edit(id: string, to: { displayName: string; staffNumber?: string | undefined }, by: Actor): Promise<void>
  /** From now on the account's session is refused and ended. @throws VigilError `not-found`, `last-officer`. */
  disable(id: string, reason: string, by: Actor): Promise<void>
  /** @throws VigilError `not-found`; `permission-denied` for the bootstrap administrator, whose work is done. */
  enable(id: string, reason: string, by: Actor): Promise<void>
  /** The id of the account of this login name, or null. */
  idOf(loginName: string): Promise<string | null>
}

export function createPeople(foundation: Foundation, certificates: BoundCertificates): People {
  const { store, protection, audit } = foundation

  /** A damaged value is no reason that it cannot be replaced. */
  function before(row: Schema['accounts']): { displayName: string | null; staffNumber: string | null } {
    const opened = (column: 'sealed_name' | 'sealed_staff_number', sealed: string | null) => {
      try {
        return sealed === null ? null : protection.open(accountPlace(column, row.id), sealed)
      } catch {
        return null
      }
    }
    return {
      displayName: opened('sealed_name', row.sealed_name),
      staffNumber: opened('sealed_staff_number', row.sealed_staff_number),
    }
  }

  const setDisabled = (disabled: boolean, id: string, reason: string, by: Actor): Promise<void> =>
    store.transaction(async (trx) => {
      const why = checked(z.strictObject({ reason: Reason }), { reason })
      mustNotBeOwn(by, id)
      const row = await accountRow(trx, id)
      if ((row.disabled !== 0) === disabled) return
      if (disabled) {
        await mustNotBeLast(trx, certificates, id, rolesOf(row))
        await mustNotStrand(trx, row)
      } else mustNotBeBootstrap(row)
      await trx
        .updateTable('accounts')
        .set({ disabled: disabled ? 1 : 0 })
        .where('id', '=', id)
        .execute()
      await audit.append(trx, {
        action: disabled ? 'account.disabled' : 'account.enabled',
        outcome: 'success',
        actor: by,
        object: { kind: 'account', id },
        detail: why,
      })
    })

  return {
    async create(input, by) {
      const {
        roles = [],
        clearance = 'general',
        emergency = false,
        ...person
      } = checked(NewPersonSchema, input)
      return store.transaction((trx) =>
        insertAccount(foundation, trx, { ...person, roles, clearance, emergency }, by),
      )
    },
    async edit(id, input, by) {
      const { displayName, staffNumber } = checked(Edit, input)
      mustNotBeOwn(by, id)
      await store.transaction(async (trx) => {
        const row = await accountRow(trx, id)
        await trx
          .updateTable('accounts')
          .set({
            sealed_name: protection.seal(accountPlace('sealed_name', id), displayName),
            ...(await staffColumns(foundation, trx, id, staffNumber)),
          })
          .where('id', '=', id)
          .execute()
        await audit.append(trx, {
          action: 'account.edited',
          outcome: 'success',
          actor: by,
          object: { kind: 'account', id },
          detail: { before: before(row), after: { displayName, staffNumber: staffNumber ?? null } },
        })
      })
    },
    disable: (id, reason, by) => setDisabled(true, id, reason, by),
    enable: (id, reason, by) => setDisabled(false, id, reason, by),
    async idOf(loginName) {
      const row = await store.db
        .selectFrom('accounts')
        .select('id')
        .where('login_index', '=', loginIndexOf(protection, loginName))
        .executeTakeFirst()
      return row?.id ?? null
    },
  }
}
