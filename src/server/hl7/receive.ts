import type { Clock } from '../../shared/time/clock.ts'
import { acknowledge } from './acknowledge.ts'
import { type Charset, encodeText } from './charset.ts'
import { decodeMessage } from './decode.ts'
import { type Hl7Message, parseMessage } from './parse.ts'
import { Hl7Error, type Problem } from './problem.ts'

/** A message as it came. */
export interface Received {
  bytes: Buffer
  /** Network address; empty for what is sent again by hand. */
  peer: string
  /** Account id of who sends it again by hand. */
  by?: string
  /** What is taken in the place of the bytes: a text that somebody corrected. */
  text?: string
}

/** What became of one. `message` is null where it could not be read. */
export interface Taken {
  message: Hl7Message | null
  charset: Charset
  /** Null where it was taken in. */
  problem: Problem | null
  /** What was thrown where the problem is `internal`. */
  cause?: unknown
}

/**
 * Takes one message's bytes in: decodes and parses it, sees that it is a v2 message with an id, and hands it on.
 * Never throws: whatever goes wrong is a problem.
 */
export async function takeIn(
  received: Received,
  deps: {
    charset: Charset
    /** @throws Hl7Error for what cannot be taken in. */
    take(message: Hl7Message, received: Received): Promise<void>
  },
): Promise<Taken> {
  let charset = deps.charset
  let message: Hl7Message | null = null
  try {
    const decoded =
      received.text === undefined
        ? decodeMessage(received.bytes, deps.charset)
        : { text: received.text, charset: 'utf-8' as const }
    charset = decoded.charset
    message = parseMessage(decoded.text, charset)
    checkHeader(message)
    await deps.take(message, received)
    return { message, charset, problem: null }
  } catch (error) {
    if (error instanceof Hl7Error) return { message, charset, problem: error.problem }
    return { message, charset, problem: { reason: 'internal', where: '' }, cause: error }
  }
}

function checkHeader({ header }: Hl7Message): void {
  for (const field of [9, 10]) {
    if (header.field(field).text() === '') throw new Hl7Error('missing', `MSH-${field}`)
  }
  if (header.field(10).text().length > 180) throw new Hl7Error('too-long', 'MSH-10')
  // Absent in what some senders write; another major version is another language.
  const version = header.field(12).text()
  if (version !== '' && !/^2(\.\d){0,2}$/.test(version)) throw new Hl7Error('version', 'MSH-12')
}

/** The answer to what was taken in or not, as bytes. */
export function answerTo(taken: Taken, deps: { newControlId: () => string; clock: Clock }): Buffer {
  const { message, problem, charset } = taken
  const answer = { controlId: deps.newControlId(), at: deps.clock(), charset }
  return encodeText(acknowledge(message, problem, answer), charset)
}
