import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rewrap, rotateMasterKey } from '../../../src/server/keys/index.ts'
import {
  createMasterKey,
  IntegrityError,
  masterKeySource,
  nextMasterKeyFile,
  readMasterKey,
  writeMasterKey,
} from '../../../src/server/protection/index.ts'
import { openTestFoundation } from '../foundation.ts'

const actor = { kind: 'cli', id: 'test' } as const
const place = { table: 'orders', column: 'sealed_order', row: '1' }
let dir: string
let file: string
let gateway: Awaited<ReturnType<typeof openTestFoundation>>
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'vigil-master-'))
  file = join(dir, 'master.key')
  await createMasterKey(file, randomBytes)
  gateway = await openTestFoundation({}, { dir, masterKey: await readMasterKey(file) })
})
afterEach(async () => {
  await gateway.close()
  rmSync(dir, { recursive: true, force: true })
})
const source = (config: Parameters<typeof masterKeySource>[0], env: NodeJS.ProcessEnv = {}) =>
  masterKeySource(config, { db: gateway.store.db, file, env, clock: Date.now, random: randomBytes })
const reopen = (masterKey: Buffer) => openTestFoundation({}, { dir, masterKey })

describe('the master key', () => {
  it('is taken out of the environment, and named where it is not there', async () => {
    const key = randomBytes(32)
    const env: NodeJS.ProcessEnv = { VIGIL_MASTER_KEY: key.toString('base64') }
    const from = source({ kind: 'environment', variable: 'VIGIL_MASTER_KEY' }, env)
    expect(await from.read()).toEqual(key)
    expect(env).toEqual({})
    expect(await from.read()).toEqual(key)
    const none = source({ kind: 'environment', variable: 'VIGIL_MASTER_KEY' }, env)
    await expect(none.read()).rejects.toThrow('environment variable VIGIL_MASTER_KEY: no master key in it')
    const short = source({ kind: 'environment', variable: 'K' }, { K: 'c2hvcnQ=' })
    await expect(short.read()).rejects.toThrow(/^environment variable K: not a master key/)
  })

  it('is changed in its file: the one before opens nothing any more', async () => {
    const sealed = gateway.protection.seal(place, 'x')
    const before = await readMasterKey(file)
    const { fingerprint } = await rotateMasterKey(gateway, { kind: 'file', path: file }, { actor })
    expect(existsSync(nextMasterKeyFile(file))).toBe(false)
    await expect(reopen(before)).rejects.toThrow(IntegrityError)
    const again = await reopen(await source({ kind: 'file' }).read())
    expect(again.keyring.wrapping().fingerprint).toBe(fingerprint)
    expect(again.protection.open(place, sealed)).toBe('x')
    expect((await again.audit.tail(undefined, ['key.master-changed']))[0]?.detail).toMatchObject({
      fingerprint,
    })
    await again.store.close()
    // Who was running goes on.
    expect(gateway.protection.open(place, gateway.protection.seal(place, 'y'))).toBe('y')
  })

  it('is put in place by the next start where the change was killed before that', async () => {
    const next = nextMasterKeyFile(file)
    await writeMasterKey(next, randomBytes(32))
    const copy = readFileSync(next, 'utf8')
    await source({ kind: 'file' }).read()
    expect(existsSync(next)).toBe(true)
    // The database takes the new key, and the process is killed before the file moves.
    await rewrap(gateway, { kind: 'file', path: next }, { actor, env: {} })
    const key = await source({ kind: 'file' }).read()
    expect(existsSync(next)).toBe(false)
    expect(readFileSync(file, 'utf8')).toBe(copy)
    const again = await reopen(key)
    await again.store.close()
  })

  it('goes from a file to the environment; nothing is changed to the key that is in use', async () => {
    const key = randomBytes(32)
    const env = () => ({ K: key.toString('base64') })
    const to = { kind: 'environment', variable: 'K' } as const
    await rewrap(gateway, to, { actor, env: env() })
    await expect(source({ kind: 'file' }).read().then(reopen)).rejects.toThrow(IntegrityError)
    const again = await reopen(await source(to, env()).read())
    await expect(rewrap(again, to, { actor, env: env() })).rejects.toThrow('in use already')
    await expect(rotateMasterKey(again, to, { actor })).rejects.toThrow('vigil keys rewrap')
    await again.store.close()
  })

  it('that is missing is named with what to do', async () => {
    rmSync(file)
    await expect(source({ kind: 'file' }).read()).rejects.toThrow(`${file}: no master key; recover it`)
  })
})
