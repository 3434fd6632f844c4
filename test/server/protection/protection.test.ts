import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createMasterKey,
  IntegrityError,
  openProtection,
  readMasterKey,
} from '../../../src/server/protection/index.ts'
import { openTestFoundation } from '../foundation.ts'

const place = { table: 'orders', column: 'sealed_order', row: 'o1' }

describe('field encryption', () => {
  let gateway: Awaited<ReturnType<typeof openTestFoundation>>
  beforeEach(async () => {
    gateway = await openTestFoundation()
  })
  afterEach(() => gateway.close())

  it('gives back what it sealed, and never the same ciphertext twice', () => {
    const { protection } = gateway
    const sealed = protection.seal(place, '王小明 𠮷 <script>')
    expect(protection.open(place, sealed)).toBe('王小明 𠮷 <script>')
    expect(protection.seal(place, '王小明 𠮷 <script>')).not.toBe(sealed)
    expect(protection.open(place, protection.seal(place, ''))).toBe('')
  })

  it.each([
    ['another table', { ...place, table: 'reports' }],
    ['another column', { ...place, column: 'sealed_name' }],
    ['another row', { ...place, row: 'o2' }],
    ['a shifted boundary', { table: 'orderss', column: 'ealed_order', row: 'o1' }],
  ])('refuses a value moved to %s', (_, elsewhere) => {
    const sealed = gateway.protection.seal(place, 'secret')
    expect(() => gateway.protection.open(elsewhere, sealed)).toThrow(IntegrityError)
  })

  it('refuses every single flipped bit, and shows neither value nor key', () => {
    const sealed = gateway.protection.seal(place, 'secret')
    const bytes = Buffer.from(sealed.slice('v2.1.'.length), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes)
      flipped[bit >> 3] = flipped[bit >> 3]! ^ (1 << (bit & 7))
      expect(() => gateway.protection.open(place, `v2.1.${flipped.toString('base64url')}`)).toThrow(
        /orders.sealed_order of row o1$/,
      )
    }
  })

  it.each([
    '',
    'v1.',
    'v2.AAAA',
    'v2.1.AAAA',
    'v2.9.AAAA',
    'v2.1e0.AAAA',
    'v3.1.AAAA',
    'plaintext',
    'v1.AAAA',
  ])('refuses %j', (junk) => {
    expect(() => gateway.protection.open(place, junk)).toThrow(IntegrityError)
  })

  it('indexes equal values equally within a domain only, under a key', async () => {
    const { protection } = gateway
    expect(protection.blindIndex('patient-id', 'P1')).toBe(protection.blindIndex('patient-id', 'P1'))
    expect(protection.blindIndex('patient-id', 'P1')).not.toBe(protection.blindIndex('accession', 'P1'))
    const other = await openTestFoundation()
    expect(other.protection.blindIndex('patient-id', 'P1')).not.toBe(
      protection.blindIndex('patient-id', 'P1'),
    )
    await other.close()
  })

  it('opens again with the same master key, and not with another', async () => {
    const sealed = gateway.protection.seal(place, 'secret')
    const deps = { db: gateway.store.db, clock: gateway.clock, random: randomBytes }
    const again = await openProtection({ ...deps, masterKey: gateway.masterKey })
    expect(again.open(place, sealed)).toBe('secret')
    await expect(openProtection({ ...deps, masterKey: randomBytes(32) })).rejects.toThrow(IntegrityError)
  })

  it('does not make a new key where one of several is gone', async () => {
    await sql`drop trigger wrapped_keys_no_delete`.execute(gateway.store.db)
    await gateway.store.db.deleteFrom('wrapped_keys').where('purpose', '=', 'audit').execute()
    const deps = {
      db: gateway.store.db,
      clock: gateway.clock,
      random: randomBytes,
      masterKey: gateway.masterKey,
    }
    await expect(openProtection(deps)).rejects.toThrow(IntegrityError)
  })
})

describe('master key file', () => {
  it('is made once, private, and read back', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'vigil-key-')), 'master.key')
    await createMasterKey(file, randomBytes)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readMasterKey(file)).toHaveLength(32)
    await expect(createMasterKey(file, randomBytes)).rejects.toThrow('EEXIST')
  })

  it.each([0o640, 0o604, 0o666, 0o610])('is refused with mode %o', async (mode) => {
    const file = join(await mkdtemp(join(tmpdir(), 'vigil-key-')), 'master.key')
    await createMasterKey(file, randomBytes)
    await chmod(file, mode)
    await expect(readMasterKey(file)).rejects.toThrow(/too wide/)
  })

  it('is refused where it holds no key', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'vigil-key-')), 'master.key')
    await writeFile(file, 'short', { mode: 0o600 })
    await expect(readMasterKey(file)).rejects.toThrow('not a master key')
  })
})
