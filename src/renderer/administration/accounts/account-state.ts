import type { AccountRow } from '../../../shared/api/administration.ts'

const day = 86_400_000
/** From so long before its end a password is worth a word here; when the person is warned is policy. */
export const passwordSoonMs = 14 * day

export type AccountStateKind =
  | 'disabled'
  | 'no-role'
  | 'locked'
  | 'fallback'
  | 'no-key'
  | 'must-change'
  | 'password-over'
  | 'password-soon'
  | 'good'

export interface AccountState {
  kind: AccountStateKind
  weight: 'bad' | 'warn' | 'ok'
  /** Until when, or since when; 0 where the state has no time. */
  at: number
}

/** What is to be said of an account, the gravest first; an account of which there is nothing to say is good. */
export function accountStates(row: AccountRow, now: number): AccountState[] {
  const { password } = row
  const locked = row.lockedUntil !== null && row.lockedUntil > now
  const fallback = row.fallbackUntil !== null && row.fallbackUntil > now
  const over = password !== null && password.expiresAt <= now
  const soon = password !== null && !over && password.expiresAt <= now + passwordSoonMs
  const states: (AccountState | false)[] = [
    row.disabled && { kind: 'disabled', weight: 'bad', at: 0 },
    row.roles.length === 0 && { kind: 'no-role', weight: 'warn', at: 0 },
    locked && { kind: 'locked', weight: 'bad', at: row.lockedUntil ?? 0 },
    fallback && { kind: 'fallback', weight: 'warn', at: row.fallbackUntil ?? 0 },
    row.certificates === 0 && { kind: 'no-key', weight: 'warn', at: 0 },
    over && { kind: 'password-over', weight: 'warn', at: password.expiresAt },
    password?.mustChange === true && { kind: 'must-change', weight: 'warn', at: 0 },
    soon && { kind: 'password-soon', weight: 'warn', at: password.expiresAt },
  ]
  const said = states.filter((state) => state !== false)
  return said.length > 0 ? said : [{ kind: 'good', weight: 'ok', at: 0 }]
}
