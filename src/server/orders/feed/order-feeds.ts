import type { OrderFeedConfig } from '../../config/index.ts'
import type { Announcements, Foundation } from '../../foundation.ts'
import { Hl7Error, type Hl7Message, type Received } from '../../hl7/index.ts'
import { createHl7Feed, type Hl7Feed, type Incoming } from '../../incoming/index.ts'
import { createOrderRows } from '../order-rows.ts'
import { createPatientMerges } from '../patient-merges.ts'
import { createApply, type PatientMove } from './apply.ts'
import { feedMapping } from './mapping.ts'
import { readFeedMessage } from './read-message.ts'

export type { PatientMove } from './apply.ts'

/** The feeds that orders and patient changes come in by. */
export interface OrderFeeds {
  /** @throws Error where a port is taken or a certificate cannot be read. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** A message that is sent again later than this takes effect again, which changes nothing: newer ones outdate it. */
const remembersMs = 30 * 86_400_000
const toleratedAheadMs = 86_400_000
/** How many taken messages pass between two clearings of what is remembered too long. */
const clearEvery = 500

/**
 * One listener for each feed of the configuration. A message's effect, its audit and that it was taken commit together; the
 * same message again is answered again and has no second effect.
 */
export function createOrderFeeds(
  foundation: Foundation,
  deps: {
    incoming: Incoming
    announcements: Announcements
    /** Where the patient is, told as often as a message says it, and again where one comes again because this failed. */
    onMove(move: PatientMove): Promise<void>
  },
): OrderFeeds {
  const { config, store, protection, clock } = foundation
  const apply = createApply({
    ...foundation,
    rows: createOrderRows(foundation),
    merges: createPatientMerges(foundation),
  })
  let taken = 0

  const contentIndex = (feed: string, { bytes, text }: Received) =>
    protection.blindIndex('received-message', `${feed}\n${text ?? bytes.toString('base64')}`)

  function feedOf(feed: OrderFeedConfig): Hl7Feed {
    const mapping = feedMapping(feed)

    async function take(message: Hl7Message, received: Received): Promise<void> {
      const content_index = contentIndex(feed.name, received)
      const seen = await store.db
        .selectFrom('received_messages')
        .select('content_index')
        .where('content_index', '=', content_index)
        .executeTakeFirst()
      if (seen) return
      const change = readFeedMessage(message, mapping)
      // A sender whose clock is far ahead would outdate everything that comes after it.
      if (change.sentAt !== null && change.sentAt > clock() + toleratedAheadMs)
        throw new Hl7Error('time', 'MSH-7')
      const actor = received.by
        ? { kind: 'account' as const, id: received.by }
        : { kind: 'interface' as const, id: feed.name, address: received.peer }
      const { changed, move } = await store.transaction(async (trx) => {
        const applied = await apply(trx, change, actor)
        // Only what has been told as well is done with.
        if (!applied.move) await remember(trx, content_index)
        return applied
      })
      if (changed) deps.announcements.announce({ kind: 'worklist-changed' })
      if (move) {
        await deps.onMove(move)
        await store.transaction((trx) => remember(trx, content_index))
      }
    }

    return createHl7Feed(foundation, { incoming: deps.incoming, config: feed, kind: 'orders-mllp', take })
  }

  async function remember(
    trx: Parameters<Parameters<typeof store.transaction>[0]>[0],
    content_index: string,
  ): Promise<void> {
    const received_at = clock()
    await trx
      .insertInto('received_messages')
      .values({ content_index, received_at })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    if (taken++ % clearEvery > 0) return
    await trx
      .deleteFrom('received_messages')
      .where('received_at', '<', received_at - remembersMs)
      .execute()
  }

  const feeds = config.orderFeeds.map(feedOf)
  for (const feed of feeds) deps.incoming.register(feed)
  return {
    async start() {
      for (const feed of feeds) await feed.start()
    },
    stop: async () => void (await Promise.all(feeds.map((feed) => feed.stop()))),
  }
}
