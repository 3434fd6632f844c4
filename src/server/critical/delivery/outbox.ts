import type { Transaction } from 'kysely'
import type { Recipient } from '../../../shared/alert/index.ts'
import type { Foundation } from '../../foundation.ts'
import { IntegrityError, type Place } from '../../protection/index.ts'
import type { Queries, Schema } from '../../store/index.ts'
import type { MessageDetail } from './adapter.ts'

export type OutboxRow = Schema['outbox']

/** What of a row decides whether it may go out. */
export type Waiting = Pick<
  OutboxRow,
  'id' | 'message_id' | 'alert_id' | 'patient_index' | 'attempts' | 'next_attempt_at' | 'created_at'
>

/** What is to go out about one alert. */
export interface MessageToQueue {
  alertId: string
  /** Blind index: messages about one patient go out in order. */
  patientIndex: string
  detail: MessageDetail
  recipient: Recipient
  ward: string
  bed: string
  /** The second person who confirmed it (双人核对); left out where nobody did. */
  checkedBy?: string | undefined
}
/** What an outbox row's sealed column holds. The alert and the target are in it so that no row can be given another's. */
interface SealedMessage extends Omit<MessageToQueue, 'patientIndex'> {
  target: string
}
export type QueuedMessage = Pick<MessageToQueue, 'detail' | 'recipient' | 'ward' | 'bed' | 'checkedBy'>

const messagePlace = (row: string): Place => ({ table: 'outbox', column: 'sealed_message', row })

/** The target of a delivery while no target is configured: it waits until one is. */
const unaddressed = ''

/** States in which a message is still to be brought to its target. */
const unsettled = ['queued', 'retrying', 'sending'] as const

/** The outbox: one row a message and target, its state the only truth. */
export function createOutbox(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock' | 'gatewayId'>,
  newId: () => string,
) {
  const { store, protection, audit, clock, gatewayId } = foundation

  /** Queues a message for each target; part of the transaction that makes it necessary. */
  async function enqueue(
    queries: Queries,
    message: MessageToQueue,
    targets: readonly string[],
    messageId = newId(),
  ): Promise<OutboxRow[]> {
    const rows = (targets.length > 0 ? targets : [unaddressed]).map((target) =>
      rowFor(message, target, messageId),
    )
    await queries.insertInto('outbox').values(rows).execute()
    return rows
  }

  function rowFor({ patientIndex, ...rest }: MessageToQueue, target: string, messageId: string): OutboxRow {
    const id = newId()
    const at = clock()
    const sealed: SealedMessage = { ...rest, target }
    return {
      id,
      alert_id: rest.alertId,
      patient_index: patientIndex,
      target,
      kind: rest.detail.kind,
      message_id: messageId,
      control_id: newId(),
      sealed_message: protection.seal(messagePlace(id), JSON.stringify(sealed)),
      state: 'queued',
      attempts: 0,
      next_attempt_at: at,
      last_error: null,
      delivered_at: null,
      settled_at: null,
      created_at: at,
    }
  }

  /**
   * Takes an alert back. What was never attempted does not go out any more; a target that may have the notice, because
   * it was attempted there, gets the cancellation `message` after it. What was delivered to a system that is not
   * configured any more is cancelled at all those that are: one of them may be the same under a new name.
   */
  async function cancel(
    trx: Transaction<Schema>,
    message: MessageToQueue,
    targets: readonly string[],
  ): Promise<OutboxRow[]> {
    const rows = await trx
      .selectFrom('outbox')
      .selectAll()
      .where('alert_id', '=', message.alertId)
      .where('kind', '<>', 'cancel')
      .execute()
    const idle = rows.filter((row) => row.state === 'queued' && row.attempts === 0).map((row) => row.id)
    if (idle.length > 0)
      await trx
        .updateTable('outbox')
        .set({ state: 'cancelled', settled_at: clock() })
        .where('id', 'in', idle)
        .execute()
    const reached = new Set(
      rows.filter((row) => row.kind === 'notice' && row.attempts > 0).map((row) => row.target),
    )
    if (reached.size === 0) return []
    const known = targets.filter((target) => reached.has(target))
    return enqueue(trx, message, known.length === reached.size ? known : targets)
  }

  /**
   * After a start. What was being sent when the gateway died may or may not have arrived: it is due again, with the same
   * control id. What waits for a target that is not configured (any more) is addressed to those that are. `damaged`
   * could not be read for that; they are dead letters now.
   */
  async function recover(
    targets: readonly string[],
  ): Promise<{ interrupted: number; readdressed: number; damaged: OutboxRow[] }> {
    return store.transaction(async (trx) => {
      const interrupted = await trx
        .updateTable('outbox')
        .set({ state: 'retrying', next_attempt_at: clock(), last_error: 'interrupted' })
        .where('state', '=', 'sending')
        .executeTakeFirst()
      const { readdressed, damaged } =
        targets.length > 0 ? await readdress(trx, targets) : { readdressed: 0, damaged: [] }
      return { interrupted: Number(interrupted.numUpdatedRows), readdressed, damaged }
    })
  }

  async function readdress(trx: Transaction<Schema>, targets: readonly string[]) {
    const stranded = await trx
      .selectFrom('outbox')
      .selectAll()
      .where('state', 'in', ['queued', 'retrying'])
      .where('target', 'not in', targets)
      .orderBy('message_id')
      .execute()
    const damaged: OutboxRow[] = []
    for (const row of stranded) {
      const message = readable(row)
      if (!message) {
        damaged.push(row)
        continue
      }
      await trx.deleteFrom('outbox').where('id', '=', row.id).execute()
      const others = await trx
        .selectFrom('outbox')
        .select('target')
        .where('message_id', '=', row.message_id)
        .execute()
      const missing = targets.filter((target) => !others.some((other) => other.target === target))
      const whole = { alertId: row.alert_id, patientIndex: row.patient_index, ...message }
      const rows = missing.map((target) => ({
        ...rowFor(whole, target, row.message_id),
        ...attempted(row, missing.length === 1),
      }))
      if (rows.length > 0) await trx.insertInto('outbox').values(rows).execute()
    }
    const moved = stranded.filter((row) => !damaged.includes(row))
    if (moved.length > 0)
      await audit.append(trx, {
        action: 'alert.readdressed',
        outcome: 'success',
        actor: { kind: 'gateway', id: gatewayId },
        detail: { alerts: moved.map((row) => row.alert_id), targets },
      })
    return { readdressed: moved.length, damaged }
  }

  /**
   * What goes over to a row under another target: it may be the same system under a new name, which then tells a repeat by
   * the control id, and has the notice where it was attempted.
   */
  function attempted({ attempts, control_id }: OutboxRow, alone: boolean): Partial<OutboxRow> {
    return {
      attempts,
      ...(attempts > 0 ? { state: 'retrying' as const, last_error: 'readdressed' } : {}),
      ...(alone ? { control_id } : {}),
    }
  }

  function readable(row: OutboxRow): QueuedMessage | null {
    try {
      return messageOf(row)
    } catch (error) {
      if (error instanceof IntegrityError) return null
      throw error
    }
  }

  /** What waits for the target, in order, one page after the message `after`; what is in flight is among it. */
  async function waiting(queries: Queries, target: string, after: string, page: number): Promise<Waiting[]> {
    return queries
      .selectFrom('outbox')
      .select(['id', 'message_id', 'alert_id', 'patient_index', 'attempts', 'next_attempt_at', 'created_at'])
      .where('target', '=', target)
      .where('state', 'in', unsettled)
      .where('message_id', '>', after)
      .orderBy('message_id')
      .limit(page)
      .execute()
  }

  /** Written before the first byte goes out, so that a kill leaves a trace of the attempt. */
  async function begin(queries: Queries, ids: readonly string[]): Promise<OutboxRow[]> {
    return queries
      .updateTable('outbox')
      .set((eb) => ({ state: 'sending' as const, attempts: eb('attempts', '+', 1) }))
      .where('id', 'in', ids)
      .where('state', 'in', unsettled)
      .returningAll()
      .execute()
  }

  /** An answer overtook messages of this kind: what nobody has begun to send does not go out any more. */
  async function overtake(trx: Transaction<Schema>, alertId: string, kind: OutboxRow['kind']): Promise<void> {
    await trx
      .updateTable('outbox')
      .set({ state: 'cancelled', settled_at: clock() })
      .where('alert_id', '=', alertId)
      .where('kind', '=', kind)
      .where('state', '=', 'queued')
      .where('attempts', '=', 0)
      .execute()
  }

  /** What waits for another attempt at the target is due now. */
  async function hasten(queries: Queries, target: string): Promise<void> {
    await queries
      .updateTable('outbox')
      .set({ next_attempt_at: clock() })
      .where('target', '=', target)
      .where('state', '=', 'retrying')
      .execute()
  }

  /** A dead letter goes out again, in the place that it had. */
  async function requeue(
    trx: Transaction<Schema>,
    row: OutboxRow,
    targets: readonly string[],
  ): Promise<void> {
    await settle(trx, row.id, { state: 'retrying', next_attempt_at: clock(), settled_at: null })
    if (!targets.includes(row.target)) await readdress(trx, targets)
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

  /** @throws IntegrityError where it, or what the row says in clear beside it, was changed. */
  function messageOf(
    row: Pick<OutboxRow, 'id' | 'sealed_message' | 'alert_id' | 'target' | 'kind'>,
  ): QueuedMessage {
    const place = messagePlace(row.id)
    const sealed: SealedMessage = JSON.parse(protection.open(place, row.sealed_message))
    const { alertId, target, ...message } = sealed
    const { detail } = message
    if (alertId !== row.alert_id || target !== row.target || detail.kind !== row.kind)
      throw new IntegrityError(place)
    return message
  }

  return { enqueue, cancel, overtake, recover, waiting, begin, hasten, requeue, settle, messageOf }
}

export type Outbox = ReturnType<typeof createOutbox>
