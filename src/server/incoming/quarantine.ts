import { z } from 'zod'
import { QuarantinedMessage } from '../../shared/api/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Charset, Problem } from '../hl7/index.ts'
import { createDamageReports } from '../integrity/index.ts'
import { IntegrityError, type Place } from '../protection/index.ts'
import type { Queries, Schema } from '../store/index.ts'

/** What is known of a message that could not be taken in. */
export interface UnusableMessage {
  feed: string
  /** Network address. */
  peer: string
  bytes: Buffer
  /** What its text is shown in. */
  charset: Charset
  messageType: string
  controlId: string
  problem: Problem
}

const Kept = z.object({
  message: QuarantinedMessage,
  charset: z.enum(['utf-8', 'gb18030']),
  /** Base64. */
  content: z.string(),
  /** The text that was taken in in its place, where somebody corrected it. */
  corrected: z.string().optional(),
  /** Why it was discarded. */
  reason: z.string().optional(),
})
/** A message as it lies in quarantine, sealed whole. */
export type Kept = z.infer<typeof Kept>

/** Messages that could not be taken in: kept sealed, until somebody sends them again, corrected or not, or discards them. */
export interface Quarantine {
  /** Keeps a message, unless the same one waits already: senders repeat what is refused. */
  put(message: UnusableMessage): Promise<void>
  /** The sender's repeat of a message was taken in: what waits of it is settled. */
  accepted(feed: string, bytes: Buffer): Promise<void>
  /** Newest first. A damaged one is left out, and reported. */
  list(state: 'waiting' | 'all', limit: number): Promise<QuarantinedMessage[]>
  waiting(): Promise<number>
  /** Null where there is none. @throws VigilError `internal` where it is damaged. */
  find(id: string): Promise<Kept | null>
  /** False where it was settled before. */
  settle(
    id: string,
    settlement: {
      state: 'replayed' | 'discarded'
      by: string
      actor: AuditEntry['actor']
      corrected?: string
      reason?: string
    },
  ): Promise<boolean>
}

/** Bounds of what is kept: beyond them the oldest settled ones go, and where none is settled, nothing more is kept. */
export const quarantineBounds = { messages: 10_000, bytes: 256 * 1_048_576 }

const fullAgainMs = 3_600_000

const place = (row: string): Place => ({ table: 'quarantine', column: 'sealed_message', row })

export function createQuarantine(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock' | 'random' | 'gatewayId' | 'log'>,
  bounds = quarantineBounds,
): Quarantine {
  const { store, protection, audit, clock, random, gatewayId, log } = foundation
  const damage = createDamageReports(foundation)
  let fullToldAt = Number.NEGATIVE_INFINITY
  const gateway: AuditEntry['actor'] = { kind: 'gateway', id: gatewayId }

  const contentIndex = (feed: string, bytes: Buffer) =>
    protection.blindIndex('incoming-message', `${feed}\n${bytes.toString('base64')}`)

  function opened(row: Schema['quarantine']): Kept {
    const kept = Kept.parse(JSON.parse(protection.open(place(row.id), row.sealed_message)))
    const { message } = kept
    if (row.feed !== message.feed || row.state !== message.state || row.received_at !== message.receivedAt)
      throw new IntegrityError({ ...place(row.id), column: 'state' })
    return kept
  }

  /** Makes room for one more. @returns false where there is none. */
  async function room(queries: Queries, bytes: number): Promise<boolean> {
    for (;;) {
      const held = await queries
        .selectFrom('quarantine')
        .select((q) => [q.fn.countAll<number>().as('messages'), q.fn.sum<number>('bytes').as('bytes')])
        .executeTakeFirstOrThrow()
      if (Number(held.messages) < bounds.messages && Number(held.bytes ?? 0) + bytes <= bounds.bytes)
        return true
      const oldest = await queries
        .selectFrom('quarantine')
        .select('id')
        .where('state', '!=', 'waiting')
        .orderBy('received_at')
        .limit(100)
        .execute()
      if (oldest.length === 0) return false
      const ids = oldest.map(({ id }) => id)
      await queries.deleteFrom('quarantine').where('id', 'in', ids).execute()
    }
  }

  async function put({ feed, peer, bytes, charset, problem, ...known }: UnusableMessage): Promise<void> {
    const content = contentIndex(feed, bytes)
    await store.transaction(async (trx) => {
      const same = await trx
        .selectFrom('quarantine')
        .select('id')
        .where('content_index', '=', content)
        .where('state', '=', 'waiting')
        .executeTakeFirst()
      if (same) return
      const detail = { feed, ...problem, bytes: bytes.length }
      if (!(await room(trx, bytes.length))) {
        log.error({ feed }, 'quarantine full')
        // Once an hour: what goes on being refused must not fill the audit in its place.
        const now = clock()
        if (now - fullToldAt < fullAgainMs) return
        fullToldAt = now
        return audit.append(trx, { action: 'quarantine.full', outcome: 'failed', actor: gateway, detail })
      }
      const id = Buffer.from(random(12)).toString('base64url')
      const message: QuarantinedMessage = {
        id,
        feed,
        peer,
        receivedAt: clock(),
        messageType: known.messageType.slice(0, 20),
        controlId: known.controlId.slice(0, 180),
        reason: problem.reason,
        where: problem.where,
        bytes: bytes.length,
        state: 'waiting',
        settledAt: null,
        settledBy: '',
      }
      const kept: Kept = { message, charset, content: bytes.toString('base64') }
      await trx
        .insertInto('quarantine')
        .values({
          id,
          feed,
          state: 'waiting',
          received_at: message.receivedAt,
          bytes: bytes.length,
          sealed_message: protection.seal(place(id), JSON.stringify(kept)),
          settled_at: null,
          settled_by: null,
          content_index: content,
        })
        .execute()
      await audit.append(trx, {
        action: 'quarantine.kept',
        outcome: 'refused',
        actor: { kind: 'interface', id: feed, address: peer },
        object: { kind: 'message', id },
        detail,
      })
    })
  }

  const settle: Quarantine['settle'] = async (id, { state, by, actor, ...why }) =>
    store.transaction(async (trx) => {
      const row = await trx.selectFrom('quarantine').selectAll().where('id', '=', id).executeTakeFirst()
      if (row?.state !== 'waiting') return false
      const kept = opened(row)
      const at = clock()
      const settled: Kept = {
        ...kept,
        ...why,
        message: { ...kept.message, state, settledAt: at, settledBy: by },
      }
      await trx
        .updateTable('quarantine')
        .set({
          state,
          settled_at: at,
          // Their id: the name is in what is sealed.
          settled_by: actor.id,
          sealed_message: protection.seal(place(id), JSON.stringify(settled)),
        })
        .where('id', '=', id)
        .execute()
      await audit.append(trx, {
        action: `quarantine.${state}`,
        outcome: 'success',
        actor,
        object: { kind: 'message', id },
        detail: { feed: row.feed, corrected: why.corrected !== undefined, reason: why.reason ?? '' },
      })
      return true
    })

  return {
    put,
    settle,
    async accepted(feed, bytes) {
      const row = await store.db
        .selectFrom('quarantine')
        .select('id')
        .where('content_index', '=', contentIndex(feed, bytes))
        .where('state', '=', 'waiting')
        .executeTakeFirst()
      if (!row) return
      await settle(row.id, { state: 'replayed', by: 'sender', actor: gateway }).catch(
        async (error: unknown) => {
          // What came in is in: its sender must not be asked for it again because of what lies here.
          if (!(error instanceof IntegrityError)) throw error
          await damage.report(error.place)
        },
      )
    },
    async list(state, limit) {
      let query = store.db.selectFrom('quarantine').selectAll().orderBy('received_at', 'desc').limit(limit)
      if (state === 'waiting') query = query.where('state', '=', 'waiting')
      const messages: QuarantinedMessage[] = []
      for (const row of await query.execute()) {
        try {
          messages.push(opened(row).message)
        } catch (error) {
          if (!(error instanceof IntegrityError)) throw error
          await damage.report(error.place)
        }
      }
      return messages
    },
    async waiting() {
      const { count } = await store.db
        .selectFrom('quarantine')
        .select((q) => q.fn.countAll<number>().as('count'))
        .where('state', '=', 'waiting')
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    async find(id) {
      const row = await store.db.selectFrom('quarantine').selectAll().where('id', '=', id).executeTakeFirst()
      if (!row) return null
      try {
        return opened(row)
      } catch (error) {
        throw await damage.refusal(error)
      }
    },
  }
}
