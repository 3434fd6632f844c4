import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import type { Clock, RandomBytes } from '../../shared/time/clock.ts'
import type { Queries } from '../store/index.ts'
import { IntegrityError, type Place, type Protection } from './protection.ts'

const cipher = 'aes-256-gcm'
const nonceLength = 12
const tagLength = 16
const version = 'v1.'

/** The data keys, each for one use. They lie in the database wrapped by the master key, which does not. */
const keyNames = ['field', 'index', 'audit', 'row', 'backup', 'object', 'archive'] as const
/** What a database had before there were the others. */
const firstKeys: readonly string[] = ['field', 'index', 'audit']
/** As key objects: they lie outside the script's heap, and cost half of what the same bytes cost at each use. */
type Keys = Record<(typeof keyNames)[number], KeyObject>

/**
 * Unwraps the data keys, or makes them on first use.
 * @throws IntegrityError where a wrapped key was changed or the master key is another one.
 */
export async function openProtection(deps: {
  db: Queries
  masterKey: Buffer
  clock: Clock
  random: RandomBytes
}): Promise<Protection> {
  const keys = await loadKeys(deps)
  return {
    seal: (place, plaintext) => encrypt(keys.field, aad(place), Buffer.from(plaintext, 'utf8'), deps.random),
    open: (place, sealed) => decrypt(keys.field, place, sealed).toString('utf8'),
    blindIndex: (domain, value) => mac(keys.index, [domain, value]).toString('base64url'),
    chain: (previous, content) => mac(keys.audit, [previous, content]).toString('hex'),
    sealBytes: (purpose, label, bytes) =>
      encryptBytes(keys[purpose], framed([purpose, label]), Buffer.from(bytes), deps.random),
    openBytes: (purpose, label, sealed) =>
      decryptBytes(
        keys[purpose],
        framed([purpose, label]),
        { table: 'file', column: purpose, row: label },
        Buffer.from(sealed),
      ),
    rowMac: (content) => mac(keys.row, [content]).toString('base64url'),
  }
}

async function loadKeys(deps: Parameters<typeof openProtection>[0]): Promise<Keys> {
  const wrapping = secretKey(Buffer.from(hkdfSync('sha256', deps.masterKey, '', 'vigil/key-wrapping/v1', 32)))
  const rows = await deps.db.selectFrom('wrapped_keys').selectAll().execute()
  const keys: Partial<Keys> = {}
  for (const name of keyNames) {
    const place = { table: 'wrapped_keys', column: 'wrapped', row: name }
    const row = rows.find((candidate) => candidate.name === name)
    if (row) {
      keys[name] = secretKey(decrypt(wrapping, place, row.wrapped))
      continue
    }
    // A database that has some of its keys but not this one was tampered with; a new key would hide that.
    if (rows.length > 0 && firstKeys.includes(name)) throw new IntegrityError(place)
    const key = Buffer.from(deps.random(32))
    const wrapped = encrypt(wrapping, aad(place), key, deps.random)
    await deps.db.insertInto('wrapped_keys').values({ name, wrapped, created_at: deps.clock() }).execute()
    keys[name] = secretKey(key)
  }
  return keys as Keys
}

/** The key as an object; its bytes are wiped. */
function secretKey(bytes: Buffer): KeyObject {
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return key
}

function encrypt(key: KeyObject, associated: Buffer, plaintext: Buffer, random: RandomBytes): string {
  return version + encryptBytes(key, associated, plaintext, random).toString('base64url')
}

function encryptBytes(key: KeyObject, associated: Buffer, plaintext: Buffer, random: RandomBytes): Buffer {
  const nonce = random(nonceLength)
  const gcm = createCipheriv(cipher, key, nonce, { authTagLength: tagLength })
  gcm.setAAD(associated)
  const body = Buffer.concat([gcm.update(plaintext), gcm.final()])
  return Buffer.concat([nonce, body, gcm.getAuthTag()])
}

function decrypt(key: KeyObject, place: Place, sealed: string): Buffer {
  if (!sealed.startsWith(version)) throw new IntegrityError(place)
  return decryptBytes(key, aad(place), place, Buffer.from(sealed.slice(version.length), 'base64url'))
}

function decryptBytes(key: KeyObject, associated: Buffer, place: Place, bytes: Buffer): Buffer {
  try {
    const gcm = createDecipheriv(cipher, key, bytes.subarray(0, nonceLength), { authTagLength: tagLength })
    gcm.setAAD(associated)
    gcm.setAuthTag(bytes.subarray(-tagLength))
    return Buffer.concat([gcm.update(bytes.subarray(nonceLength, -tagLength)), gcm.final()])
  } catch {
    // Whatever the cause, the value is not to be trusted and not to be shown.
    throw new IntegrityError(place)
  }
}

function aad({ table, column, row }: Place): Buffer {
  return framed([table, column, row])
}

function mac(key: KeyObject, parts: readonly string[]): Buffer {
  return createHmac('sha256', key).update(framed(parts)).digest()
}

/** Parts with their lengths, so that no two lists of parts give the same bytes. */
function framed(parts: readonly string[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part, 'utf8')
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}
