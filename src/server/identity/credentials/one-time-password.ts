import type { RandomBytes } from '../../../shared/time/clock.ts'

/** Without i, l, o, 0 and 1, which are misread. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
const groups = 4
const groupLength = 4

/** Four groups of four characters, 79 bits, to be read out and typed once: `k7mx-p3vq-…`. */
export function oneTimePassword(random: RandomBytes): string {
  const characters: string[] = []
  while (characters.length < groups * groupLength) {
    for (const byte of random(32)) {
      // What lies beyond the last whole round of the alphabet would make its first characters likelier.
      if (byte < 256 - (256 % alphabet.length)) characters.push(alphabet[byte % alphabet.length] ?? '')
    }
  }
  return Array.from({ length: groups }, (_, i) =>
    characters.slice(i * groupLength, (i + 1) * groupLength).join(''),
  ).join('-')
}
