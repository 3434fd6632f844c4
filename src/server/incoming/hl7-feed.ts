import type { IncomingFeed } from '../../shared/api/index.ts'
import type { MllpListenerConfig } from '../config/index.ts'
import type { Foundation } from '../foundation.ts'
import {
  answerTo,
  createMllpListener,
  type Disconnection,
  type Hl7Message,
  type MllpListener,
  type Problem,
  type Received,
  type Taken,
  takeIn,
} from '../hl7/index.ts'
import { loggable } from '../http/index.ts'
import { type Feed, newFeedCounters } from './feed.ts'
import type { Incoming } from './incoming.ts'
import { createRefusals } from './refusals.ts'
import { readServerTls } from './server-tls.ts'

/** A feed of HL7 v2 messages on an MLLP listener of its own. */
export interface Hl7Feed extends Feed {
  /** @throws Error naming the file where a certificate cannot be read, or the port where it is taken. */
  start(): Promise<void>
  /** Answers what it has, takes nothing more. */
  stop(): Promise<void>
}

/**
 * Listens, decodes, hands each message to `take`, answers AA, or AE or AR with the problem, and puts what could not be
 * taken in into quarantine. Messages that are sent again by hand go the same way.
 */
export function createHl7Feed(
  foundation: Foundation,
  deps: {
    incoming: Incoming
    config: MllpListenerConfig
    kind: Extract<IncomingFeed['kind'], 'orders-mllp' | 'replies-mllp'>
    /** Takes a message in, whole or not at all; the same one may come again. @throws Hl7Error for what cannot be taken in. */
    take(message: Hl7Message, received: Received): Promise<void>
  },
): Hl7Feed {
  const { clock, random, log } = foundation
  const { config, incoming, kind } = deps
  const { name, charset } = config
  const counters = newFeedCounters()
  const tell = createRefusals(foundation, {
    feed: name,
    action: 'feed.connection-refused',
    actor: { kind: 'interface', id: name },
  })
  let listener: MllpListener | null = null
  let port = config.port

  async function receive(bytes: Buffer, peer: string): Promise<Buffer> {
    counters.received += 1
    counters.lastMessageAt = clock()
    const taken = await takeIn({ bytes, peer }, { charset, take: deps.take })
    report(taken)
    try {
      if (taken.problem) await keep(bytes, peer, taken)
      else await incoming.quarantine.accepted(name, bytes)
    } catch (error) {
      log.error({ feed: name, ...loggable(error) }, 'quarantine')
    }
    if (!taken.problem) counters.accepted += 1
    return answerTo(taken, { clock, newControlId: () => Buffer.from(random(9)).toString('hex') })
  }

  async function keep(bytes: Buffer, peer: string, taken: Taken): Promise<void> {
    counters.quarantined += 1
    const { message, problem } = taken
    const type = message?.header.field(9)
    await incoming.quarantine.put({
      feed: name,
      peer,
      bytes,
      charset: taken.charset,
      messageType: [type?.text(), type?.text(2)].filter(Boolean).join('^'),
      controlId: message?.header.field(10).text() ?? '',
      problem: problem as Problem,
    })
  }

  function report({ problem, cause }: Taken): void {
    if (problem?.reason === 'internal') log.error({ feed: name, ...loggable(cause) }, 'message not taken in')
    else if (problem) log.warn({ feed: name, ...problem }, 'message refused')
  }

  function onDisconnected(why: Disconnection, peer: string): void {
    if (why === 'not-allowed') counters.turnedAway += 1
    tell(why, peer)
  }

  return {
    name,
    view: () => {
      const { received, accepted, quarantined, turnedAway, lastMessageAt } = counters
      const facts = { received, accepted, quarantined, turnedAway, lastMessageAt }
      return { name, kind, port, tls: config.tls !== undefined, peers: config.peers, ...facts }
    },
    async replay({ bytes, text }, by) {
      const given = text === undefined ? {} : { text }
      const taken = await takeIn({ bytes, peer: '', by, ...given }, { charset, take: deps.take })
      report(taken)
      return taken.problem
    },
    async start() {
      listener = createMllpListener({
        ...(config.tls ? { tls: await readServerTls(config.tls) } : {}),
        peers: config.peers,
        limits: {
          connections: config.connections,
          message: config.largestMessageKb * 1024,
          idleMs: config.idleSeconds * 1000,
          blockMs: config.messageSeconds * 1000,
        },
        receive,
        onDisconnected,
      })
      port = await listener
        .listen({ host: config.host, port: config.port })
        .catch((error: NodeJS.ErrnoException) => {
          throw new Error(`feed ${name} cannot listen on ${config.host} port ${config.port}: ${error.code}`)
        })
      log.info({ feed: name, port }, 'listening')
    },
    stop: async () => listener?.close(),
  }
}
