import type { Transaction } from 'kysely'
import { mayWithdraw } from '../../../shared/alert/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { Schema } from '../../store/index.ts'
import type { Outbox } from '../delivery/outbox.ts'
import type { AlertEvents, AlertStanding } from './alert-events.ts'
import { messageAbout } from './message.ts'
import type { RaisedAlert } from './raised-alert.ts'

/** One of our people. */
export interface Person {
  accountId: string
  name: string
}

/**
 * Takes an alert back (撤回), in the caller's transaction: what has not gone out will not, and whoever may have it is told.
 * @throws VigilError `alert-handled` once somebody did something about it; `alert-not-open` where it was withdrawn before.
 */
export type Withdraw = (
  trx: Transaction<Schema>,
  alert: RaisedAlert,
  withdrawn: { by: Person; reason: string },
  actor: AuditEntry['actor'],
) => Promise<AlertStanding>

export function createWithdrawal(
  { protection, clock }: Pick<Foundation, 'protection' | 'clock'>,
  deps: { events: AlertEvents; outbox: Outbox; targets: readonly string[] },
): Withdraw {
  const { events, outbox, targets } = deps
  return async (trx, alert, { by, reason }, actor) => {
    const { state } = await events.standing(trx, alert.id)
    if (!mayWithdraw(state))
      throw new VigilError(state.status === 'withdrawn' ? 'alert-not-open' : 'alert-handled')
    const standing = await events.append(trx, alert.id, { kind: 'withdrawn', by, reason }, actor)
    const detail = { kind: 'cancel' as const, reason, by: by.name, at: clock() }
    await outbox.cancel(trx, messageAbout(protection, alert, standing, detail), targets)
    return standing
  }
}
