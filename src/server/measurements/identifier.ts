import type { RandomBytes } from '../../shared/time/clock.ts'

/** A UID of a random UUID (PS3.5 B.2): its 128 bits in decimal below 2.25, with the version and variant of RFC 9562. */
export function newUid(random: RandomBytes): string {
  const bytes = Uint8Array.from(random(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return `2.25.${BigInt(`0x${Buffer.from(bytes).toString('hex')}`)}`
}
