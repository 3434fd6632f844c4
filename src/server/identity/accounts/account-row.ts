import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { z } from 'zod'
import { Role } from '../../../shared/access/index.ts'
import type { Clearance, NewAccount } from '../../../shared/account/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { Place, Protection } from '../../protection/index.ts'
import type { Queries, Schema } from '../../store/index.ts'

export type Actor = AuditEntry['actor']

export const accountPlace = (
  column: 'sealed_login' | 'sealed_name' | 'sealed_staff_number',
  row: string,
): Place => ({ table: 'accounts', column, row })

/** One index for every way to write a login name: case and width (fullwidth forms) do not tell two people apart. */
export function loginIndexOf(protection: Protection, loginName: string): string {
  return protection.blindIndex('login-name', loginName.normalize('NFKC').trim().toLowerCase())
}

function staffIndexOf(protection: Protection, staffNumber: string): string {
  return protection.blindIndex('staff-number', staffNumber.normalize('NFKC').trim().toUpperCase())
}

export function rolesOf(row: Pick<Schema['accounts'], 'roles'>): Role[] {
  return Role.array().parse(JSON.parse(row.roles))
}

/** @throws VigilError `not-found`. */
export async function accountRow(queries: Queries, id: string): Promise<Schema['accounts']> {
  const row = await queries.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new VigilError('not-found', { field: 'account' })
  return row
}

/** The value as its schema takes it. @throws VigilError `bad-request` naming the field. */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new VigilError('bad-request', { field: String(parsed.error.issues[0]?.path[0] ?? 'account') })
}

/** The staff number's columns. @throws VigilError `conflict` where another person has it. */
export async function staffColumns(
  { protection }: Pick<Foundation, 'protection'>,
  trx: Transaction<Schema>,
  id: string,
  staffNumber: string | undefined,
): Promise<Pick<Schema['accounts'], 'staff_index' | 'sealed_staff_number'>> {
  if (staffNumber === undefined) return { staff_index: null, sealed_staff_number: null }
  const staff_index = staffIndexOf(protection, staffNumber)
  const taken = await trx
    .selectFrom('accounts')
    .select('id')
    .where('staff_index', '=', staff_index)
    .where('id', '!=', id)
    .executeTakeFirst()
  if (taken) throw new VigilError('conflict', { field: 'staffNumber' })
  return {
    staff_index,
    sealed_staff_number: protection.seal(accountPlace('sealed_staff_number', id), staffNumber),
  }
}

/** Writes an account and its audit row. @returns the id. @throws VigilError `conflict` naming the field that is another's. */
export async function insertAccount(
  { protection, audit, clock }: Foundation,
  trx: Transaction<Schema>,
  account: NewAccount & { roles: readonly Role[]; clearance: Clearance; emergency: boolean },
  by: Actor,
): Promise<string> {
  const id = randomUUID()
  const { loginName, displayName, staffNumber, roles, clearance, emergency } = account
  const login_index = loginIndexOf(protection, loginName)
  const taken = await trx
    .selectFrom('accounts')
    .select('id')
    .where('login_index', '=', login_index)
    .executeTakeFirst()
  if (taken) throw new VigilError('conflict', { field: 'loginName' })
  await trx
    .insertInto('accounts')
    .values({
      id,
      login_index,
      sealed_login: protection.seal(accountPlace('sealed_login', id), loginName),
      sealed_name: protection.seal(accountPlace('sealed_name', id), displayName),
      ...(await staffColumns({ protection }, trx, id, staffNumber)),
      roles: JSON.stringify(roles),
      clearance,
      emergency: emergency ? 1 : 0,
      disabled: 0,
      created_at: clock(),
    })
    .execute()
  await audit.append(trx, {
    action: 'account.created',
    outcome: 'success',
    actor: by,
    object: { kind: 'account', id },
    detail: { loginName, displayName, ...(staffNumber ? { staffNumber } : {}), roles, clearance, emergency },
  })
  return id
}
