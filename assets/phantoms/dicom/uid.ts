import { createHash } from 'node:crypto'

/**
 * A stable UID under 2.25 (PS3.5 B.2, a UUID as a decimal): the same name always gives the same UID, so that
 * orders and pixels made at different times agree. The UUID is version 8, its bits taken from SHA-256 of the name.
 */
export function stableUid(name: string): string {
  const bytes = createHash('sha256').update(`vigil-demo/${name}`).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`
}
