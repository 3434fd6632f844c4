import type { RandomBytes } from '../../shared/time/clock.ts'
import { decrypt, encrypt, framed, mac, placeBytes } from './cipher.ts'
import { type KeyPurpose, type Keyring, type KeyringDeps, openKeyring } from './keyring.ts'
import { IntegrityError, type Place, type Protection } from './protection.ts'

/** `openKeyring` and what is done with the keys. */
export async function openProtection(deps: KeyringDeps): Promise<Protection> {
  return protectionBy(await openKeyring(deps), deps.random)
}

/** Sealed bytes begin with 'V', 2, and the generation (big-endian, 16 bits). */
const bytesVersion = Buffer.from([0x56, 2])
const headLength = 4

export function protectionBy(keyring: Pick<Keyring, 'current' | 'of'>, random: RandomBytes): Protection {
  /** MACs of the first generation are as they were before there were others. */
  function marked(purpose: KeyPurpose, parts: readonly string[], how: 'hex' | 'base64url', like?: string) {
    const generation = like === undefined ? keyring.current(purpose).generation : markGeneration(like)
    const key = keyring.of(purpose, generation)
    if (!key) return ''
    const tag = mac(key, parts).toString(how)
    return generation === 1 ? tag : `${generation}.${tag}`
  }

  return {
    seal(place, plaintext) {
      const { generation, key } = keyring.current('field')
      const bytes = encrypt(key, placeBytes(place), Buffer.from(plaintext, 'utf8'), random)
      return `v2.${generation}.${bytes.toString('base64url')}`
    },
    open(place, sealed) {
      const { generation, body } = sealedParts(place, sealed)
      const key = keyring.of('field', generation)
      if (!key) throw new IntegrityError(place)
      return decrypt(key, placeBytes(place), place, Buffer.from(body, 'base64url')).toString('utf8')
    },
    blindIndex: (domain, value) => mac(keyring.current('index').key, [domain, value]).toString('base64url'),
    chain: (previous, content, like) => marked('audit', [previous, content], 'hex', like),
    rowMac: (content, like) => marked('row', [content], 'base64url', like),
    sealBytes(purpose, label, bytes) {
      const { generation, key } = keyring.current(purpose)
      const head = Buffer.alloc(headLength)
      bytesVersion.copy(head)
      head.writeUInt16BE(generation, bytesVersion.length)
      return Buffer.concat([head, encrypt(key, framed([purpose, label]), bytes, random)])
    },
    openBytes(purpose, label, sealed) {
      const place = { table: 'file', column: purpose, row: label }
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      if (bytes.length < headLength || !bytes.subarray(0, bytesVersion.length).equals(bytesVersion))
        throw new IntegrityError(place)
      const key = keyring.of(purpose, bytesGeneration(bytes))
      if (!key) throw new IntegrityError(place)
      return decrypt(key, framed([purpose, label]), place, bytes.subarray(headLength))
    },
  }
}

/** The generation that sealed bytes name. */
export function bytesGeneration(sealed: Buffer): number {
  return sealed.readUInt16BE(bytesVersion.length)
}

/** `v1.` is the first generation, from before there were others. */
function sealedParts(place: Place, sealed: string): { generation: number; body: string } {
  if (sealed.startsWith('v1.')) return { generation: 1, body: sealed.slice(3) }
  const end = sealed.indexOf('.', 3)
  const number = sealed.slice(3, end)
  if (!sealed.startsWith('v2.') || !/^[1-9]\d{0,4}$/.test(number)) throw new IntegrityError(place)
  return { generation: Number(number), body: sealed.slice(end + 1) }
}

function markGeneration(mark: string): number {
  const end = mark.indexOf('.')
  return end < 0 ? 1 : Number(mark.slice(0, end))
}
