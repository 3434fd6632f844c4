import { Role } from '../../../shared/access/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { Foundation } from '../../foundation.ts'
import { createDamageReports } from '../../integrity/index.ts'
import { whole } from '../../store/index.ts'
import { loginIndexOf } from '../accounts/index.ts'

/** An account as far as its credentials ask: whose they are, and whether it may sign in. */
export interface Holder {
  accountId: string
  /** What wrong entries are counted by. */
  loginIndex: string
  loginName: string
  displayName: string
  /** Empty where none was entered. */
  staffNumber: string
  roles: Role[]
  disabled: boolean
}

export interface Holders {
  /** The blind index of a login name, whether an account has it or not. */
  loginIndexOf(loginName: string): string
  byLogin(loginIndex: string): Promise<Holder | null>
  /** @throws VigilError `not-found`. */
  byId(accountId: string): Promise<Holder>
}

export function createHolders(foundation: Foundation): Holders {
  const { store, protection } = foundation
  const damage = createDamageReports(foundation)

  async function intact(column: 'id' | 'login_index', value: string) {
    try {
      return await whole(store.db)
        .selectFrom('accounts')
        .selectAll()
        .where(column, '=', value)
        .executeTakeFirst()
    } catch (error) {
      throw await damage.refusal(error)
    }
  }

  async function find(column: 'id' | 'login_index', value: string): Promise<Holder | null> {
    const row = await intact(column, value)
    if (!row) return null
    const opened = (name: 'sealed_login' | 'sealed_name' | 'sealed_staff_number', sealed: string) =>
      protection.open({ table: 'accounts', column: name, row: row.id }, sealed)
    try {
      return {
        accountId: row.id,
        loginIndex: row.login_index,
        loginName: opened('sealed_login', row.sealed_login),
        displayName: opened('sealed_name', row.sealed_name),
        staffNumber:
          row.sealed_staff_number === null ? '' : opened('sealed_staff_number', row.sealed_staff_number),
        roles: Role.array().parse(JSON.parse(row.roles)),
        disabled: row.disabled !== 0,
      }
    } catch (error) {
      throw await damage.refusal(error)
    }
  }

  return {
    loginIndexOf: (loginName) => loginIndexOf(protection, loginName),
    byLogin: (loginIndex) => find('login_index', loginIndex),
    async byId(accountId) {
      const holder = await find('id', accountId)
      if (!holder) throw new VigilError('not-found', { field: 'account' })
      return holder
    },
  }
}
