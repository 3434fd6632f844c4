import type { DeadLetter } from '../../../shared/api/index.ts'
import { CriticalLevel } from '../../../shared/critical/model.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Queries, Store } from '../../store/index.ts'
import type { AlertEvents, AlertStanding } from '../alerts/alert-events.ts'
import type { Outbox } from './outbox.ts'

/** The list is for people: what is beyond is seen once something of it was dealt with. */
const mostListed = 500

/** Messages that were given up, newest first. */
export async function deadLetters(queries: Queries): Promise<DeadLetter[]> {
  const rows = await queries
    .selectFrom('outbox')
    .innerJoin('alerts', 'alerts.id', 'outbox.alert_id')
    .select(['outbox.id', 'outbox.alert_id', 'outbox.kind', 'outbox.target', 'outbox.attempts'])
    .select(['outbox.last_error', 'outbox.created_at', 'outbox.settled_at', 'alerts.type', 'alerts.level'])
    .where('outbox.state', '=', 'refused')
    .orderBy('outbox.settled_at', 'desc')
    .limit(mostListed)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    alertId: row.alert_id,
    kind: row.kind,
    target: row.target,
    type: row.type,
    level: CriticalLevel.parse(row.level),
    attempts: row.attempts,
    error: row.last_error ?? '',
    createdAt: row.created_at,
    refusedAt: row.settled_at ?? row.created_at,
  }))
}

/**
 * Sends one again, under the control id that it had; where its target is not configured any more, to those that are.
 * @throws VigilError `not-found` where it is no dead letter, `target-unknown` where no target is configured, `alert-not-open`
 * where the alert was withdrawn or closed meanwhile: nobody is to be called for it any more. A cancellation always goes.
 */
export async function replayLetter(
  id: string,
  deps: {
    store: Store
    outbox: Outbox
    events: AlertEvents
    targets: readonly string[]
    by: { accountId: string; name: string }
    actor: AuditEntry['actor']
  },
): Promise<AlertStanding> {
  const { store, outbox, events, targets, by, actor } = deps
  if (targets.length === 0) throw new VigilError('target-unknown')
  return store.transaction(async (trx) => {
    const row = await trx
      .selectFrom('outbox')
      .selectAll()
      .where('id', '=', id)
      .where('state', '=', 'refused')
      .executeTakeFirst()
    if (!row) throw new VigilError('not-found', { field: 'letter' })
    const { state } = await events.standing(trx, row.alert_id)
    if (row.kind !== 'cancel' && (state.status === 'withdrawn' || state.status === 'closed'))
      throw new VigilError('alert-not-open')
    await outbox.requeue(trx, row, targets)
    return events.append(trx, row.alert_id, { kind: 'replayed', target: row.target, by }, actor)
  })
}
