import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { RandomBytes } from '../../shared/time/clock.ts'
import { IntegrityError, type Place } from './protection.ts'

const cipher = 'aes-256-gcm'
const nonceLength = 12
const tagLength = 16

/** Nonce, AES-256-GCM ciphertext, tag. */
export function encrypt(
  key: KeyObject,
  associated: Buffer,
  plaintext: Uint8Array,
  random: RandomBytes,
): Buffer {
  const nonce = random(nonceLength)
  const gcm = createCipheriv(cipher, key, nonce, { authTagLength: tagLength })
  gcm.setAAD(associated)
  const body = gcm.update(plaintext)
  return Buffer.concat([nonce, body, gcm.final(), gcm.getAuthTag()])
}

/** @throws IntegrityError naming `place`: whatever the cause, the value is not to be trusted and not to be shown. */
export function decrypt(key: KeyObject, associated: Buffer, place: Place, bytes: Buffer): Buffer {
  try {
    const gcm = createDecipheriv(cipher, key, bytes.subarray(0, nonceLength), { authTagLength: tagLength })
    gcm.setAAD(associated)
    gcm.setAuthTag(bytes.subarray(-tagLength))
    const content = gcm.update(bytes.subarray(nonceLength, -tagLength))
    // GCM gives all of it before; this is where it throws.
    gcm.final()
    return content
  } catch {
    throw new IntegrityError(place)
  }
}

export function placeBytes({ table, column, row }: Place): Buffer {
  return framed([table, column, row])
}

export function mac(key: KeyObject, parts: readonly string[]): Buffer {
  return createHmac('sha256', key).update(framed(parts)).digest()
}

/** Parts with their lengths, so that no two lists of parts give the same bytes. In one buffer: it is made for each value that is read. */
export function framed(parts: readonly string[]): Buffer {
  const lengths = parts.map((part) => Buffer.byteLength(part, 'utf8'))
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, 0))
  let at = 0
  for (const [index, part] of parts.entries()) {
    at = bytes.writeUInt32BE(lengths[index] as number, at)
    at += bytes.write(part, at, 'utf8')
  }
  return bytes
}

/** The key as an object, outside the script's heap, at half the cost of the same bytes at each use; the bytes are wiped. */
export function secretKey(bytes: Buffer): KeyObject {
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return key
}
