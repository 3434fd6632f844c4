import type { Clock, RandomBytes } from '../../../shared/time/clock.ts'

/** Crockford base32: no I, L, O, U, so that an id can be read out on the telephone. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const timeLength = 9
const randomLength = 7
const randomSpace = 32 ** randomLength

/**
 * Makes ids of 16 characters: 9 for the millisecond (enough until the year 3084), 7 random ones (35 bits), so that they
 * sort by time, are not to be guessed, and differ between gateways that do not know each other. Within one millisecond,
 * and while the clock stands or goes back, the random part counts up by a random step, so that order holds.
 */
export function createAlertIds(clock: Clock, random: RandomBytes): () => string {
  let lastAt = 0
  let lastRandom = 0
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

/** The least id that one of this time (epoch ms) can have. */
export function leastIdAt(at: number): string {
  return encode(at, timeLength) + encode(0, randomLength)
}

/** 35 random bits. */
function draw(random: RandomBytes): number {
  const bytes = random(5)
  return bytes.reduce((value, byte) => value * 256 + byte, 0) % randomSpace
}

function encode(value: number, length: number): string {
  let out = ''
  for (let rest = value, i = 0; i < length; i++, rest = Math.floor(rest / 32)) out = alphabet[rest % 32] + out
  return out
}
