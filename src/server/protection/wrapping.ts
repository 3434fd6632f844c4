import { createHash, hkdfSync, type KeyObject } from 'node:crypto'
import type { RandomBytes } from '../../shared/time/clock.ts'
import { decrypt, encrypt, placeBytes, secretKey } from './cipher.ts'
import { IntegrityError, type Place } from './protection.ts'

const version = 'v1.'

/** The master key, as what it is used for: to wrap data keys. */
export interface Wrapping {
  /** 16 hex digits of a hash of a value derived from the master key: tells keys apart, says nothing of the key. */
  fingerprint: string
  wrap(purpose: string, generation: number, key: Buffer): string
  /** @throws IntegrityError where it was changed, or wrapped by another master key. */
  unwrap(purpose: string, generation: number, wrapped: string): KeyObject
  /** Wraps anew what another master key wrapped; the data key stays the same. */
  rewrap(purpose: string, generation: number, wrapped: string, from: Wrapping): string
  /** Only for `rewrap` of another. The bytes are to be wiped. */
  bytesOf(purpose: string, generation: number, wrapped: string): Buffer
}

export function masterFingerprint(masterKey: Buffer): string {
  const derived = Buffer.from(hkdfSync('sha256', masterKey, '', 'vigil/key-fingerprint/v1', 32))
  return createHash('sha256').update(derived).digest('hex').slice(0, 16)
}

export function wrappingBy(masterKey: Buffer, random: RandomBytes): Wrapping {
  const fingerprint = masterFingerprint(masterKey)
  const key = secretKey(Buffer.from(hkdfSync('sha256', masterKey, '', 'vigil/key-wrapping/v1', 32)))

  function bytesOf(purpose: string, generation: number, wrapped: string): Buffer {
    const place = wrappedPlace(purpose, generation)
    if (!wrapped.startsWith(version)) throw new IntegrityError(place)
    return decrypt(key, placeBytes(place), place, Buffer.from(wrapped.slice(version.length), 'base64url'))
  }

  function wrap(purpose: string, generation: number, bytes: Buffer): string {
    const place = wrappedPlace(purpose, generation)
    return version + encrypt(key, placeBytes(place), bytes, random).toString('base64url')
  }

  return {
    fingerprint,
    wrap,
    bytesOf,
    unwrap: (purpose, generation, wrapped) => secretKey(bytesOf(purpose, generation, wrapped)),
    rewrap(purpose, generation, wrapped, from) {
      const bytes = from.bytesOf(purpose, generation, wrapped)
      try {
        return wrap(purpose, generation, bytes)
      } finally {
        bytes.fill(0)
      }
    },
  }
}

/** The first generation's place is that of the time before there were others. */
export function wrappedPlace(purpose: string, generation: number): Place {
  const row = generation === 1 ? purpose : `${purpose}/${generation}`
  return { table: 'wrapped_keys', column: 'wrapped', row }
}
