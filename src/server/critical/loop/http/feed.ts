import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Failure } from '../../../../shared/errors/index.ts'
import { VigilError } from '../../../../shared/errors/index.ts'
import type { HttpReplyFeed } from '../../../config/index.ts'
import type { Foundation } from '../../../foundation.ts'
import { plainAddress } from '../../../hl7/index.ts'
import { createRateLimit, loggable } from '../../../http/index.ts'
import { createRefusals, type Feed, type Incoming, newFeedCounters } from '../../../incoming/index.ts'
import { problemOf, type TakenReply, type TakeReply } from '../replies.ts'
import { replyOfJson, replyOfXml, xmlAnswer } from './body.ts'
import { bodyOf, type ReplyServer, startReplyServer } from './server.ts'
import { readPassword, readSecrets, verifyPassword, verifySignature } from './signature.ts'

/** A feed of answers that a hospital system pushes. */
export interface ReplyFeed extends Feed {
  start(): Promise<void>
  stop(): Promise<void>
}

type Answer = { status: number; body: { accepted: true } | Failure; close?: true }

const mostAddresses = 1000

/**
 * JSON or XML by POST, signed or by who is known otherwise. A duplicate is answered as the first was, a refusal with a code
 * and a field, never a value; what comes from a known sender and cannot be taken in lies in quarantine as well.
 * @throws Error naming the file where the keys are missing or unfit.
 */
export function createHttpReplyFeed(
  foundation: Foundation,
  deps: { config: HttpReplyFeed; incoming: Incoming; takeReply: TakeReply },
): ReplyFeed {
  const { clock, log } = foundation
  const { config, incoming, takeReply } = deps
  const { name } = config
  const secrets = config.secretFile === undefined ? null : readSecrets(config.secretFile)
  const password = config.basic === undefined ? null : readPassword(config.basic.passwordFile)
  const everyMs = 1000 / config.requestsPerSecond
  const burst = Math.max(1, Math.ceil(config.requestsPerSecond * 5))
  const rate = createRateLimit({ burst, everyMs, keys: mostAddresses, clock })
  const counters = newFeedCounters()
  const tell = createRefusals(foundation, {
    feed: name,
    action: 'feed.request-refused',
    actor: { kind: 'interface', id: `http:${name}` },
  })
  let server: ReplyServer | null = null
  let port = config.port

  const refusal = (status: number, code: Failure['code'], where: string, close?: true): Answer => ({
    status,
    body: { code, facts: { where } },
    ...(close ? { close } : {}),
  })

  async function answerTo(request: IncomingMessage, peer: string): Promise<Answer> {
    try {
      rate.take(peer)
    } catch (error) {
      if (!(error instanceof VigilError)) throw error
      tell('rate', peer)
      return { status: 429, body: error.toFailure(), close: true }
    }
    if (request.url !== config.path) return refusal(404, 'not-found', 'path', true)
    if (request.method !== 'POST') return refusal(405, 'bad-request', 'method', true)
    const types = config.xml ? /^(text|application)\/(soap\+)?xml\s*(;|$)/i : /^application\/json\s*(;|$)/i
    if (!types.test(request.headers['content-type'] ?? ''))
      return refusal(415, 'bad-request', 'content-type', true)
    if (!isKnown(request)) {
      tell('password', peer)
      return refusal(403, 'credentials-wrong', 'authorization', true)
    }
    const body = await bodyOf(request)
    if (!body) {
      tell('too-large', peer)
      return refusal(413, 'too-large', 'body', true)
    }
    const unsigned = signatureProblem(request, body)
    if (unsigned) {
      tell(unsigned, peer)
      return refusal(403, unsigned === 'stale' ? 'clock-skewed' : 'signature-invalid', 'x-vigil-signature')
    }
    return taken(body, peer)
  }

  function isKnown({ headers }: IncomingMessage): boolean {
    if (!config.basic || !password) return true
    return verifyPassword(headers.authorization, { username: config.basic.username, password })
  }

  function signatureProblem(request: IncomingMessage, body: Buffer): 'missing' | 'wrong' | 'stale' | null {
    // Known by its certificate, which the handshake looked at.
    if (!secrets) return null
    const header = request.headers['x-vigil-signature']
    const verdict = verifySignature(Array.isArray(header) ? undefined : header, body, {
      secrets,
      now: clock(),
      toleranceMs: config.toleranceSeconds * 1000,
    })
    return verdict === 'good' ? null : verdict
  }

  async function taken(bytes: Buffer, peer: string): Promise<Answer> {
    counters.received += 1
    counters.lastMessageAt = clock()
    const outcome = await take(bytes, { address: peer })
    if (outcome.outcome === 'refused') {
      counters.quarantined += 1
      const problem = problemOf(outcome)
      const known = {
        feed: name,
        peer,
        bytes,
        charset: 'utf-8',
        messageType: config.xml ? 'XML' : 'JSON',
        controlId: '',
      } as const
      await incoming.quarantine.put({ ...known, problem })
      const status = { 'bad-request': 400, 'not-found': 404, conflict: 409, internal: 500 }[outcome.code]
      return { status, body: { code: outcome.code, facts: { field: outcome.field } } }
    }
    counters.accepted += 1
    await incoming.quarantine.accepted(name, bytes)
    return { status: 200, body: { accepted: true } }
  }

  async function take(bytes: Buffer, from: { address?: string; by?: string }): Promise<TakenReply> {
    let candidate: unknown
    try {
      candidate = config.xml ? replyOfXml(bytes, config.xml) : replyOfJson(bytes)
    } catch {
      return { outcome: 'refused', code: 'bad-request', field: 'body' }
    }
    return takeReply(candidate, { source: 'http', system: name, ...from })
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The request loses its socket when that closes.
    const { socket } = request
    const peer = plainAddress(socket.remoteAddress ?? '')
    const { status, body, close } = await answerTo(request, peer).catch((error: unknown): Answer => {
      log.error({ feed: name, ...loggable(error) }, 'reply not taken in')
      return { status: 503, body: { code: 'internal' }, close: true }
    })
    if (response.destroyed) return
    response
      .writeHead(status, {
        'content-type': `${config.xml ? 'text/xml' : 'application/json'}; charset=utf-8`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...(close ? { connection: 'close' } : {}),
        ...(status === 429 || status === 503 ? { 'retry-after': '1' } : {}),
      })
      .end(config.xml ? inXml(body) : JSON.stringify(body), () => {
        // What was not read of a refused request must not be waited for.
        if (close) socket.destroySoon()
      })
  }

  return {
    name,
    view: () => {
      const { tls, peers } = config
      return { name, kind: 'replies-http', port, tls: tls !== undefined, peers, ...counters }
    },
    async replay({ bytes }, by) {
      const outcome = await take(bytes, { by })
      return outcome.outcome === 'refused' ? problemOf(outcome) : null
    },
    async start() {
      server = await startReplyServer(config, {
        handle: (request, response) => void handle(request, response),
        onTurnedAway: (peer) => {
          counters.turnedAway += 1
          tell('not-allowed', peer)
        },
      })
      port = server.port
      log.info({ feed: name, port }, 'listening')
    },
    stop: async () => server?.close(),
  }
}

function inXml(body: Answer['body']): string {
  if ('accepted' in body) return xmlAnswer('0', '')
  return xmlAnswer(body.code, String(body.facts?.field ?? body.facts?.where ?? ''))
}
