import type { TLSSocket } from 'node:tls'
import { createIncoming } from '../../../../src/server/incoming/index.ts'
import { createOrderFeeds, createOrders, type PatientMove } from '../../../../src/server/orders/index.ts'
import type { SessionEvent } from '../../../../src/shared/session/index.ts'
import { type Hl7Sender, startHl7Sender } from '../../../hl7-sender/index.ts'
import { openTestFoundation } from '../../foundation.ts'

/** An order feed on a real store and a real port, and systems that send to it. */
export async function openHospital(feed: object = {}, more: { onMove?: () => Promise<void> } = {}) {
  const foundation = await openTestFoundation({
    orderFeeds: [{ name: 'his', port: 0, peers: ['127.0.0.1'], zone: '+08:00', ...feed }],
  })
  const events: SessionEvent[] = []
  const moves: PatientMove[] = []
  const announcements = { announce: (event: SessionEvent) => void events.push(event) }
  const orders = createOrders(foundation, announcements)
  const incoming = createIncoming(foundation)
  const feeds = createOrderFeeds(foundation, {
    incoming,
    announcements,
    onMove: async (move) => {
      moves.push(move)
      await more.onMove?.()
    },
  })
  await feeds.start().catch(async (error: unknown) => {
    await foundation.close()
    throw error
  })
  const senders: Hl7Sender[] = []

  /** A request of the administrator, as the listener would hand it over. */
  function request<P, Q, B>(parts: { params?: P; query?: Q; body?: B }) {
    return {
      principal: {
        kind: 'session' as const,
        sessionId: 's1',
        accountId: 'zhao.jing',
        displayName: '赵静',
        roles: ['system-administrator' as const],
        workstationId: 'ws-1',
        factor: 'certificate' as const,
        clearance: 'general' as const,
        locked: false,
      },
      params: parts.params as P,
      query: parts.query as Q,
      body: parts.body as B,
      socket: null as unknown as TLSSocket,
      address: '127.0.0.1',
      signal: new AbortController().signal,
    }
  }
  const view = async () => {
    const { feeds: views } = await incoming.handlers.incomingFeeds(request({}))
    return views[0]!
  }

  const { port } = await view()
  return {
    foundation,
    orders,
    incoming,
    handlers: incoming.handlers,
    events,
    moves,
    request,
    view,
    port,
    sender(options: Partial<Parameters<typeof startHl7Sender>[0]> = {}): Hl7Sender {
      const sender = startHl7Sender({ port, ...options })
      senders.push(sender)
      return sender
    },
    /** What waits in quarantine, newest first. */
    waiting: async () =>
      (await incoming.handlers.quarantine(request({ query: { state: 'waiting' as const } }))).messages,
    audited: async (prefix: string) =>
      (await foundation.audit.tail())
        .map(({ action }) => action)
        .filter((action) => action.startsWith(prefix)),
    async close() {
      for (const sender of senders) await sender.stop()
      await feeds.stop()
      await foundation.close()
    },
  }
}
