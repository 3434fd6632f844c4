import type { Transaction } from 'kysely'
import type { Recipient } from '../../../shared/alert/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { Place } from '../../protection/index.ts'
import type { Queries, Schema } from '../../store/index.ts'
import type { MessageDetail } from './adapter.ts'

type OutboxRow = Schema['outbox']

/** What is to go out about one alert. */
export interface MessageToQueue {
  alertId: string
  /** Blind index: messages about one patient go out in order. */
  patientIndex: string
  detail: MessageDetail
  recipient: Recipient
  ward: string
  bed: string
}
/** What an outbox row's sealed column holds. */
export type QueuedMessage = Pick<MessageToQueue, 'detail' | 'recipient' | 'ward' | 'bed'>

const messagePlace = (row: string): Place => ({ table: 'outbox', column: 'sealed_message', row })

/** The target of a delivery while no target is configured: it waits until one is. */
const unaddressed = ''

/** The outbox: one row a delivery, its state the only truth. Ids sort by time, so that order by id is order of raising. */
export function createOutbox(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock' | 'gatewayId'>,
  newId: () => string,
) {
  const { store, protection, audit, clock, gatewayId } = foundation

  /** Queues a message for each target; part of the transaction that makes it necessary. */
  async function enqueue(
    queries: Queries,
    { alertId, patientIndex, detail, recipient, ward, bed }: MessageToQueue,
    targets: readonly string[],
  ): Promise<OutboxRow[]> {
    const at = clock()
    const message: QueuedMessage = { detail, recipient, ward, bed }
    const rows = (targets.length > 0 ? targets : [unaddressed]).map((target) => {
      const id = newId()
      return {
        id,
        alert_id: alertId,
        patient_index: patientIndex,
        target,
        kind: detail.kind,
        control_id: newId(),
        sealed_message: protection.seal(messagePlace(id), JSON.stringify(message)),
        state: 'queued' as const,
        attempts: 0,
        next_attempt_at: at,
        last_error: null,
        delivered_at: null,
        settled_at: null,
        created_at: at,
      }
    })
    await queries.insertInto('outbox').values(rows).execute()
    return rows
  }

  /**
   * After a start. What was being sent when the gateway died may or may not have arrived: it is due again, with the same
   * control id. What waits for a target that is not configured (any more) is addressed to those that are.
   */
  async function recover(targets: readonly string[]): Promise<{ interrupted: number; readdressed: number }> {
    return store.transaction(async (trx) => {
      const interrupted = await trx
        .updateTable('outbox')
        .set({ state: 'retrying', next_attempt_at: clock(), last_error: 'interrupted' })
        .where('state', '=', 'sending')
        .executeTakeFirst()
      const readdressed = targets.length > 0 ? await readdress(trx, targets) : 0
      return { interrupted: Number(interrupted.numUpdatedRows), readdressed }
    })
  }

  async function readdress(trx: Transaction<Schema>, targets: readonly string[]): Promise<number> {
    const stranded = await trx
      .selectFrom('outbox')
      .selectAll()
      .where('state', 'in', ['queued', 'retrying'])
      .where('target', 'not in', targets)
      .orderBy('id')
      .execute()
    for (const row of stranded) {
      const message = { alertId: row.alert_id, patientIndex: row.patient_index, ...messageOf(row) }
      await trx.deleteFrom('outbox').where('id', '=', row.id).execute()
      const others = await trx
        .selectFrom('outbox')
        .select('target')
        .where('alert_id', '=', row.alert_id)
        .where('kind', '=', row.kind)
        .execute()
      const missing = targets.filter((target) => !others.some((other) => other.target === target))
      if (missing.length > 0) await enqueue(trx, message, missing)
    }
    if (stranded.length > 0)
      await audit.append(trx, {
        action: 'alert.readdressed',
        outcome: 'success',
        actor: { kind: 'gateway', id: gatewayId },
        detail: { alerts: stranded.map((row) => row.alert_id), targets },
      })
    return stranded.length
  }

  /**
   * What waits for the target, oldest first, one page after `after`. A row still `sending` when its loop asks for work is
   * one whose outcome could not be recorded: it is due like the others.
   */
  async function waiting(target: string, after: string, page: number): Promise<OutboxRow[]> {
    return store.db
      .selectFrom('outbox')
      .selectAll()
      .where('target', '=', target)
      .where('state', 'in', ['queued', 'retrying', 'sending'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(page)
      .execute()
  }

  /** Written before the first byte goes out, so that a kill leaves a trace of the attempt. */
  async function begin(row: OutboxRow): Promise<OutboxRow> {
    const attempts = row.attempts + 1
    await store.db
      .updateTable('outbox')
      .set({ state: 'sending', attempts })
      .where('id', '=', row.id)
      .execute()
    return { ...row, state: 'sending', attempts }
  }

  async function settle(
    queries: Queries,
    id: string,
    change: Partial<
      Pick<OutboxRow, 'state' | 'last_error' | 'next_attempt_at' | 'delivered_at' | 'settled_at'>
    >,
  ): Promise<void> {
    await queries.updateTable('outbox').set(change).where('id', '=', id).execute()
  }

  /** @throws IntegrityError where it was changed. */
  function messageOf(row: Pick<OutboxRow, 'id' | 'sealed_message'>): QueuedMessage {
    return JSON.parse(protection.open(messagePlace(row.id), row.sealed_message))
  }

  return { enqueue, recover, waiting, begin, settle, messageOf }
}

export type Outbox = ReturnType<typeof createOutbox>
