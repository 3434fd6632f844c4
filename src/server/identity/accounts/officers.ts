import type { Transaction } from 'kysely'
import { isOfficer, OfficerRole, type Role } from '../../../shared/access/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { Foundation } from '../../foundation.ts'
import { type Queries, type Schema, whole } from '../../store/index.ts'
import { type Actor, rolesOf } from './account-row.ts'
import type { BoundCertificates } from './bound-certificates.ts'

/** Nobody changes the own account: what one may do is another's to say. @throws VigilError `own-account`. */
export function mustNotBeOwn(by: Actor, accountId: string): void {
  if (by.kind === 'account' && by.id === accountId) throw new VigilError('own-account')
}

/** The bootstrap administrator has its one task and never another. @throws VigilError `permission-denied`. */
export function mustNotBeBootstrap(row: Pick<Schema['accounts'], 'roles'>): void {
  if (rolesOf(row).includes('bootstrap-administrator')) throw new VigilError('permission-denied')
}

/** Ids of the enabled accounts of a role. */
export async function holdersOf(queries: Queries, role: Role): Promise<string[]> {
  const rows = await whole(queries)
    .selectFrom('accounts')
    .select(['id', 'roles'])
    .where('disabled', '=', 0)
    .where('roles', 'like', `%"${role}"%`)
    .execute()
  return rows.filter((row) => rolesOf(row).includes(role)).map(({ id }) => id)
}

/** The officer roles that nobody holds. */
export async function vacantRoles(queries: Queries): Promise<OfficerRole[]> {
  const vacant: OfficerRole[] = []
  for (const role of OfficerRole.options) if ((await holdersOf(queries, role)).length === 0) vacant.push(role)
  return vacant
}

/** Of a role's enabled holders, those who can sign in with a key. */
export async function ableHolders(
  queries: Queries,
  certificates: BoundCertificates,
  role: Role,
): Promise<Set<string>> {
  return certificates.holders(queries, await holdersOf(queries, role))
}

/**
 * Before an account is disabled, or loses these roles: an officer role keeps somebody who can sign in with a key.
 * @throws VigilError `last-officer` naming the role.
 */
export async function mustNotBeLast(
  trx: Transaction<Schema>,
  certificates: BoundCertificates,
  accountId: string,
  roles: readonly Role[],
): Promise<void> {
  for (const role of roles.filter(isOfficer)) {
    const able = await ableHolders(trx, certificates, role)
    if (able.size === 1 && able.has(accountId)) throw new VigilError('last-officer', { role })
  }
}

/**
 * Before a bootstrap administrator is disabled, or loses the key: not while an office waits for it, as no other comes.
 * @throws VigilError `last-officer` naming a vacant role.
 */
export async function mustNotStrand(
  trx: Transaction<Schema>,
  row: Pick<Schema['accounts'], 'roles' | 'disabled'>,
): Promise<void> {
  if (row.disabled !== 0 || !rolesOf(row).includes('bootstrap-administrator')) return
  const [role] = await vacantRoles(trx)
  if (role) throw new VigilError('last-officer', { role })
}

/**
 * Once each of the three roles has its officer, the bootstrap administrator is disabled, in the same transaction.
 * @returns whether it was.
 */
export async function retireBootstrap(
  { audit }: Pick<Foundation, 'audit'>,
  trx: Transaction<Schema>,
  by: Actor,
): Promise<boolean> {
  if ((await vacantRoles(trx)).length > 0) return false
  const bootstrap = await holdersOf(trx, 'bootstrap-administrator')
  for (const id of bootstrap) {
    await trx.updateTable('accounts').set({ disabled: 1 }).where('id', '=', id).execute()
    await audit.append(trx, {
      action: 'account.disabled',
      outcome: 'success',
      actor: by,
      object: { kind: 'account', id },
      detail: { reason: 'bootstrap-done' },
    })
  }
  return bootstrap.length > 0
}
