import type { AccountRow } from '../../../shared/api/administration.ts'
import { sentenceTime, type Translate } from '../../i18n/index.ts'
import { type AccountState, accountStates } from './account-state.ts'

/** 锁定至 10:32 */
export function stateWord(t: Translate, state: AccountState, now: number): string {
  return t(`administration.account.state.${state.kind}`, { time: sentenceTime(state.at, now) })
}

/** The gravest state of an account, in its table. */
export function StateCell({ t, row, now }: { t: Translate; row: AccountRow; now: number }) {
  const [state] = accountStates(row, now)
  return state && <span className={`state-${state.weight}`}>{stateWord(t, state, now)}</span>
}

/** 李明华（limh） */
export function whose(t: Translate, row: { displayName: string; loginName: string }): string {
  return t('administration.account.whose', { name: row.displayName, login: row.loginName })
}

export function roleWords(t: Translate, row: Pick<AccountRow, 'roles'>): string[] {
  return row.roles.map((role) => t(`roles.${role}`))
}
