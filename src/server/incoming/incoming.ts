import { isCleared } from '../../shared/access/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Foundation } from '../foundation.ts'
import { decodeText, unveiledMessage, veiledMessage } from '../hl7/index.ts'
import { auditActor } from '../http/index.ts'
import type { Handlers } from '../http/route-handlers.ts'
import type { Feed } from './feed.ts'
import { createQuarantine, type Kept, type Quarantine } from './quarantine.ts'

type Names =
  | 'incomingFeeds'
  | 'quarantine'
  | 'quarantinedMessage'
  | 'revealQuarantined'
  | 'replayQuarantined'
  | 'discardQuarantined'

/** What comes in from hospital systems: the feeds, and the quarantine of what could not be taken in. */
export interface Incoming {
  readonly quarantine: Quarantine
  /** Each feed once, under a name of its own, before messages come. */
  register(feed: Feed): void
  readonly handlers: Handlers<Names>
}

const shown = 500

export function createIncoming(foundation: Foundation): Incoming {
  const { audit } = foundation
  const quarantine = createQuarantine(foundation)
  const feeds = new Map<string, Feed>()

  async function waitingOne(id: string): Promise<Kept> {
    const kept = await quarantine.find(id)
    if (!kept) throw new VigilError('not-found', { field: 'message' })
    return kept
  }

  function refuseSettled({ message }: Kept): void {
    if (message.state !== 'waiting') throw new VigilError('conflict', { field: 'state' })
  }

  return {
    quarantine,
    register(feed) {
      if (feeds.has(feed.name)) throw new Error(`two incoming feeds of the name ${feed.name}`)
      feeds.set(feed.name, feed)
    },
    handlers: {
      incomingFeeds: async () => ({ feeds: [...feeds.values()].map((feed) => feed.view()) }),
      quarantine: async ({ query }) => ({
        messages: await quarantine.list(query.state, shown),
        waiting: await quarantine.waiting(),
      }),
      quarantinedMessage: async ({ params, principal, address }) => {
        const kept = await waitingOne(params.id)
        const { message } = kept
        // Nobody can say whose it is: it counts as most restricted.
        const veiled = !isCleared(principal.clearance, 'highly-sensitive')
        await audit.record({
          action: 'quarantine.opened',
          outcome: 'success',
          actor: auditActor(principal, address),
          object: { kind: 'message', id: params.id },
        })
        return {
          message,
          text: veiled ? veiledMessage(textOf(kept)) : textOf(kept),
          veiled,
          correctable: isCorrectable(feeds.get(message.feed)),
        }
      },
      revealQuarantined: async ({ params, body, principal, address }) => {
        const kept = await waitingOne(params.id)
        await audit.record({
          action: 'quarantine.revealed',
          outcome: 'success',
          actor: auditActor(principal, address),
          object: { kind: 'message', id: params.id },
          detail: { reason: body.reason },
        })
        return { text: textOf(kept) }
      },
      replayQuarantined: async ({ params, body, principal, address }) => {
        const kept = await waitingOne(params.id)
        refuseSettled(kept)
        const feed = feeds.get(kept.message.feed)
        if (!feed) throw new VigilError('target-unknown', { field: 'feed' })
        if (body.text !== undefined && !isCorrectable(feed)) throw new VigilError('permission-denied')
        const actor = auditActor(principal, address)
        const text = body.text === undefined ? undefined : unveiledMessage(body.text, textOf(kept))
        if (text === null) throw new VigilError('bad-request', { field: 'text' })
        const corrected = text === undefined ? {} : { text }
        const bytes = Buffer.from(kept.content, 'base64')
        const problem = await feed.replay({ bytes, ...corrected }, principal.accountId)
        if (problem) {
          await audit.record({
            action: 'quarantine.replayed',
            outcome: 'refused',
            actor,
            object: { kind: 'message', id: params.id },
            detail: { ...problem, corrected: body.text !== undefined },
          })
          throw new VigilError('message-unusable', { ...problem })
        }
        await quarantine.settle(params.id, {
          state: 'replayed',
          by: principal.displayName,
          actor,
          ...(text === undefined ? {} : { corrected: text }),
        })
        return {}
      },
      discardQuarantined: async ({ params, body, principal, address }) => {
        refuseSettled(await waitingOne(params.id))
        await quarantine.settle(params.id, {
          state: 'discarded',
          by: principal.displayName,
          actor: auditActor(principal, address),
          reason: body.reason,
        })
        return {}
      },
    },
  }
}

const textOf = ({ charset, content }: Kept) => decodeText(Buffer.from(content, 'base64'), charset)

/** Who keeps the interfaces running may mend an order's message, but not say what a clinician did about a patient. */
function isCorrectable(feed: Feed | undefined): boolean {
  return feed?.view().kind === 'orders-mllp'
}
