import type { Clock, RandomBytes } from '../../../shared/time/clock.ts'
import type { Queries } from '../../store/index.ts'

/** Crockford base32: no I, L, O, U, so that an id can be read out on the telephone. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const timeLength = 9
const randomLength = 7
/** Ten years. */
const farAheadMs = 10 * 365 * 86_400_000
const randomSpace = 32 ** randomLength

/**
 * Makes ids of 16 characters: 9 for the millisecond (enough until the year 3084), 7 random ones (35 bits), so that they
 * sort by time, are not to be guessed, and differ between gateways that do not know each other. Within one millisecond,
 * and while the clock stands or goes back, the random part counts up by a random step, so that order holds; from `after`
 * on, which an earlier run ended with, whatever the clock says now.
 */
export function createAlertIds(clock: Clock, random: RandomBytes, after = ''): () => string {
  const afterAt = decode(after.slice(0, timeLength))
  // Years ahead is a row that somebody changed, not a clock that was wrong: ids must not run out for it.
  const known = afterAt < clock() + farAheadMs
  let lastAt = known ? afterAt : 0
  let lastRandom = known ? decode(after.slice(timeLength)) : 0
  return () => {
    const now = clock()
    if (now > lastAt) {
      lastAt = now
      lastRandom = draw(random)
    } else {
      // A step is at most 1/2048 of the space: thousands fit into a millisecond.
      lastRandom += 1 + Math.floor(draw(random) / 2048)
      if (lastRandom >= randomSpace) {
        lastAt += 1
        lastRandom = draw(random)
      }
    }
    return encode(lastAt, timeLength) + encode(lastRandom, randomLength)
  }
}

/** The newest id that is kept: messages and events are in the order of theirs. Empty where there is none. */
export async function newestId(db: Queries): Promise<string> {
  const newest = [
    await db
      .selectFrom('alert_events')
      .select((q) => q.fn.max('id').as('id'))
      .executeTakeFirst(),
    await db
      .selectFrom('outbox')
      .select((q) => q.fn.max('message_id').as('id'))
      .executeTakeFirst(),
  ]
  return newest.map((row) => row?.id ?? '').reduce((a, b) => (a > b ? a : b))
}

/** The least id that one of this time (epoch ms) can have. */
export function leastIdAt(at: number): string {
  return encode(at, timeLength) + encode(0, randomLength)
}

/** 35 random bits. */
function draw(random: RandomBytes): number {
  const bytes = random(5)
  return bytes.reduce((value, byte) => value * 256 + byte, 0) % randomSpace
}

/** 0 for what is no number of the alphabet. */
function decode(text: string): number {
  const digits = [...text].map((digit) => alphabet.indexOf(digit))
  return digits.includes(-1) ? 0 : digits.reduce((value, digit) => value * 32 + digit, 0)
}

function encode(value: number, length: number): string {
  let out = ''
  for (let rest = value, i = 0; i < length; i++, rest = Math.floor(rest / 32)) out = alphabet[rest % 32] + out
  return out
}
