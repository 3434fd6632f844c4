import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { resealRows } from '../../../src/server/integrity/index.ts'
import {
  createKeyStatus,
  type RotatablePurpose,
  rewrap,
  rotateKey,
  watchKeys,
} from '../../../src/server/keys/index.ts'
import { IntegrityError, KeyUnavailableError, readMasterKey } from '../../../src/server/protection/index.ts'
import { openTestFoundation } from '../foundation.ts'
import { fill, generationsOf, orderPlace } from './filled.ts'

type Opened = Awaited<ReturnType<typeof openTestFoundation>>
const actor = { kind: 'cli', id: 'test' } as const
const opened: Opened[] = []
async function open(at: { dir?: string; masterKey?: Buffer } = {}): Promise<Opened> {
  const foundation = await openTestFoundation({}, at)
  opened.unshift(foundation)
  return foundation
}
afterEach(async () => {
  for (const foundation of opened.splice(0)) await foundation.close()
})
const rotate = (foundation: Opened, purpose: RotatablePurpose = 'field') =>
  rotateKey(foundation, purpose, { actor, graceMs: 0, resealRows: () => resealRows(foundation) })

describe('a new generation of the field key', () => {
  it('moves what may be changed, keeps what may not, and leaves the trail whole', async () => {
    const gateway = await open()
    await fill(gateway, 250)
    await gateway.audit.record({ action: 'test.before', outcome: 'success', actor })
    const done = await rotate(gateway)
    expect(done).toMatchObject({ generation: 2, damaged: 0 })
    expect(done.moved).toBeGreaterThanOrEqual(250)
    expect(await generationsOf(gateway)).toEqual({ 'v2.2': 250 })
    const details = await gateway.store.db
      .selectFrom('audit')
      .select('sealed_detail')
      .orderBy('seq')
      .execute()
    expect(details[0]?.sealed_detail).toMatch(/^v2\.1\./)
    expect(details.at(-1)?.sealed_detail).toMatch(/^v2\.2\./)
    expect((await gateway.audit.verify()).faults).toEqual([])
    const actions = (await gateway.audit.tail()).map(({ action }) => action)
    expect(actions).toEqual(expect.arrayContaining(['key.rotation-begun', 'key.rotated', 'test.before']))
    const again = await open({ dir: gateway.dir, masterKey: gateway.masterKey })
    expect(await generationsOf(again)).toEqual({ 'v2.2': 250 })
    const { keys } = await createKeyStatus(again)()
    expect(keys.filter(({ purpose }) => purpose === 'field').map(({ state }) => state)).toEqual([
      'retired',
      'current',
    ])
  })

  it('is met by a process that was there before, which soon seals under it itself', async () => {
    const gateway = await open()
    await fill(gateway, 5)
    const cli = await open({ dir: gateway.dir, masterKey: gateway.masterKey })
    const stop = watchKeys(gateway, { everyMs: 20 })
    try {
      await rotate(cli)
      expect(await generationsOf(gateway)).toEqual({ 'v2.2': 5 })
      await expect.poll(() => gateway.protection.seal(orderPlace('x'), 'x').slice(0, 5)).toBe('v2.2.')
    } finally {
      stop()
    }
  })

  it('goes over a damaged value, which stays what it was', async () => {
    const gateway = await open()
    await fill(gateway, 3)
    const { sealed_order: good } = await gateway.store.db
      .selectFrom('orders')
      .select('sealed_order')
      .where('id', '=', 'order-1')
      .executeTakeFirstOrThrow()
    const bad = `${good.slice(0, 20)}${good[20] === 'A' ? 'B' : 'A'}${good.slice(21)}`
    await gateway.store.db
      .updateTable('orders')
      .set({ sealed_order: bad })
      .where('id', '=', 'order-1')
      .execute()
    expect(await rotate(gateway)).toMatchObject({ damaged: 1 })
    await expect(generationsOf(gateway)).rejects.toThrow(IntegrityError)
    const { sealed_order } = await gateway.store.db
      .selectFrom('orders')
      .select('sealed_order')
      .where('id', '=', 'order-1')
      .executeTakeFirstOrThrow()
    expect(sealed_order).toBe(bad)
  })

  it('refuses a value whose generation was changed, and a key put in another’s place', async () => {
    const gateway = await open()
    await rotate(gateway)
    const sealed = gateway.protection.seal(orderPlace('o'), 'x')
    for (const other of ['v2.1.', 'v2.3.', 'v2.02.', 'v2.-2.'])
      expect(() => gateway.protection.open(orderPlace('o'), sealed.replace('v2.2.', other))).toThrow(
        IntegrityError,
      )
    await sql`update wrapped_keys set wrapped = (select wrapped from wrapped_keys where purpose = 'field' and
      generation = 1) where purpose = 'field' and generation = 2`.execute(gateway.store.db)
    await expect(open({ dir: gateway.dir, masterKey: gateway.masterKey })).rejects.toThrow(IntegrityError)
  })

  it('is unavailable, not damaged, to a process that was started under a master key before', async () => {
    const gateway = await open()
    const other = await open({ dir: gateway.dir, masterKey: gateway.masterKey })
    const file = join(gateway.dir, 'other.key')
    await rewrap(other, { kind: 'file', path: file }, { actor, env: {} })
    const cli = await open({ dir: gateway.dir, masterKey: await readMasterKey(file) })
    // Watching, it says so, and no rotation is begun while it runs.
    const stop = watchKeys(gateway, { everyMs: 20 })
    const alarms = () => cli.store.db.selectFrom('alarms').select(['subject', 'cleared_at']).execute()
    await expect.poll(alarms).toEqual([{ subject: 'master', cleared_at: null }])
    stop()
    await expect(rotate(cli)).rejects.toThrow('start it again first')
    const stopAgain = watchKeys(cli, { everyMs: 20 })
    await expect.poll(async () => (await alarms())[0]?.cleared_at).not.toBe(null)
    stopAgain()
    await rotate(cli)
    const sealed = cli.protection.seal(orderPlace('o'), 'x')
    expect(() => gateway.protection.open(orderPlace('o'), sealed)).toThrow(KeyUnavailableError)
    // It goes on under what it has.
    await gateway.keyring.refresh()
    expect(gateway.protection.seal(orderPlace('o'), 'x')).toMatch(/^v2\.1\./)
  })

  it('cannot be made to forget a generation', async () => {
    const gateway = await open()
    await rotate(gateway)
    await expect(gateway.store.db.deleteFrom('wrapped_keys').execute()).rejects.toThrow('never deleted')
    await sql`drop trigger wrapped_keys_no_delete`.execute(gateway.store.db)
    await gateway.store.db
      .deleteFrom('wrapped_keys')
      .where('purpose', '=', 'field')
      .where('generation', '=', 1)
      .execute()
    await expect(open({ dir: gateway.dir, masterKey: gateway.masterKey })).rejects.toThrow(IntegrityError)
  })

  it('goes on where it was killed, at whatever moment, and loses nothing', { timeout: 60_000 }, async () => {
    const gateway = await open()
    await fill(gateway, 700)
    const script = join(import.meta.dirname, 'rotating.ts')
    let kills = 0
    for (let after = 5; ; after += 90) {
      const child = spawn(process.execPath, [script, gateway.dir, gateway.masterKey.toString('hex')], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let said = ''
      const ended = new Promise((resolve) => child.on('close', resolve))
      await new Promise<void>((resolve) =>
        child.stdout.on('data', (chunk: Buffer) => {
          said += chunk
          if (said.includes('begun')) resolve()
        }),
      )
      const timer = setTimeout(() => child.kill('SIGKILL'), after)
      // A gateway works beside it meanwhile.
      const seen = await generationsOf(gateway)
      expect(Object.values(seen).reduce((sum, rows) => sum + rows, 0)).toBe(700)
      await ended
      clearTimeout(timer)
      if (said.includes('done')) break
      kills += 1
    }
    expect(kills).toBeGreaterThan(2)
    expect(await generationsOf(gateway)).toEqual({ 'v2.2': 700 })
    expect((await gateway.audit.verify()).faults).toEqual([])
    const { rotation, keys } = await createKeyStatus(gateway)()
    expect(rotation).toBe(null)
    expect(keys.filter(({ purpose }) => purpose === 'field')).toHaveLength(2)
  })
})

describe('new generations of the other keys', () => {
  it('chains audit records under a new key, and verifies both parts', async () => {
    const gateway = await open()
    await gateway.audit.record({ action: 'test.before', outcome: 'success', actor })
    await rotate(gateway, 'audit')
    await gateway.audit.record({ action: 'test.after', outcome: 'success', actor })
    const hashes = (await gateway.store.db.selectFrom('audit').select('hash').orderBy('seq').execute()).map(
      ({ hash }) => hash,
    )
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(hashes.at(-1)).toMatch(/^2\.[0-9a-f]{64}$/)
    expect((await gateway.audit.verify()).faults).toEqual([])
    const again = await open({ dir: gateway.dir, masterKey: gateway.masterKey })
    expect((await again.audit.verify()).faults).toEqual([])
  })

  it('makes the MACs of all rows anew', async () => {
    const gateway = await open()
    await fill(gateway, 30)
    const done = await rotate(gateway, 'row')
    expect(done.moved).toBeGreaterThanOrEqual(30)
    const macs = await gateway.store.db.selectFrom('row_seals').select('mac').execute()
    expect(macs.every(({ mac }) => mac.startsWith('2.'))).toBe(true)
    await fill(await open({ dir: gateway.dir, masterKey: gateway.masterKey }), 0)
  })

  it.each(['backup', 'archive', 'object'] as const)('opens %s bytes of both generations', async (purpose) => {
    const gateway = await open()
    const before = gateway.protection.sealBytes(purpose, 'a', Buffer.from('old'))
    await rotate(gateway, purpose)
    const after = gateway.protection.sealBytes(purpose, 'a', Buffer.from('new'))
    expect(gateway.protection.openBytes(purpose, 'a', before).toString()).toBe('old')
    expect(gateway.protection.openBytes(purpose, 'a', after).toString()).toBe('new')
    expect([before.readUInt16BE(2), after.readUInt16BE(2)]).toEqual([1, 2])
    after.writeUInt16BE(1, 2)
    expect(() => gateway.protection.openBytes(purpose, 'a', after)).toThrow(IntegrityError)
  })
})
