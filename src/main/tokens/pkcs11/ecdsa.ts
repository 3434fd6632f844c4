import { sequence, unsignedInteger } from '../../der/index.ts'

/** PKCS#11 gives ECDSA as r‖s of equal length (v2.40 6.3.1); the wire takes ECDSA-Sig-Value (RFC 3279 2.2.3). */
export function ecdsaToDer(raw: Uint8Array): Buffer {
  if (raw.length === 0 || raw.length % 2) throw new RangeError('an ECDSA signature has two equal halves')
  const half = raw.length / 2
  return sequence(unsignedInteger(raw.subarray(0, half)), unsignedInteger(raw.subarray(half)))
}
