import { decide, type Permission } from '../../../shared/access/index.ts'
import type { AccountRow } from '../../../shared/api/administration.ts'

export type AccountAction =
  | 'edit'
  | 'disable'
  | 'enable'
  | 'authorise'
  | 'bind-certificate'
  | 'binding-code'
  | 'reset-password'
  | 'clear-lockout'
  | 'grant-fallback'
  | 'end-fallback'

/**
 * What may be done with an account by who has these permissions, as the account stands. The bootstrap administrator's is
 * made and ended by its own procedure. The gateway decides again.
 */
export function accountActions(
  row: AccountRow,
  permissions: readonly Permission[],
  now: number,
): AccountAction[] {
  if (decide(row, 'officer.create')) return []
  const actions: AccountAction[] = []
  if (permissions.includes('account.manage')) actions.push('edit', row.disabled ? 'enable' : 'disable')
  if (permissions.includes('account.authorise')) {
    const locked = row.lockedUntil !== null && row.lockedUntil > now
    const fallback = row.fallbackUntil !== null && row.fallbackUntil > now
    actions.push('authorise', 'bind-certificate', 'binding-code', 'reset-password')
    actions.push(fallback ? 'end-fallback' : 'grant-fallback')
    if (locked) actions.push('clear-lockout')
  }
  return actions
}
