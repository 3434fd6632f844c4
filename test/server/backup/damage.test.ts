import { randomInt } from 'node:crypto'
import { copyFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { directoryPlace, restoreBackup } from '../../../src/server/backup/index.ts'
import { by, type GatewayDirectory, openGatewayDirectory } from './gateway-directory.ts'

let gateway: GatewayDirectory
let full: string
let incremental: string
beforeEach(async () => {
  gateway = await openGatewayDirectory()
  await gateway.fill(1)
  full = await gateway.backups.run('full', by)
  gateway.time.now += 60_000
  await gateway.write('later')
  incremental = await gateway.backups.run('incremental', by)
})
afterEach(() => gateway.close())

const at = (...parts: string[]) => join(gateway.dir, 'backups', ...parts)
const restore = (name: string) =>
  restoreBackup({ ...gateway.keys, place: directoryPlace('local', at()), to: join(gateway.root, name) })
const states = async () =>
  Object.fromEntries(
    (await gateway.backups.status()).backups.map(({ id, state, error }) => [id, error ?? state]),
  )
const alarms = async () =>
  (
    await gateway.foundation.store.db
      .selectFrom('alarms')
      .selectAll()
      .where('cleared_at', 'is', null)
      .execute()
  ).map(({ kind, subject }) => `${kind}:${subject}`)

async function flip(file: string, position?: number): Promise<void> {
  const bytes = await readFile(file)
  const where = position ?? randomInt(0, bytes.length)
  bytes[where] = (bytes[where] ?? 0) ^ (1 << randomInt(0, 8))
  await writeFile(file, bytes)
}

describe('a damaged backup', () => {
  it('is told at verifying, wherever a bit was flipped, and is not restored', async () => {
    for (const name of await readdir(at(incremental))) {
      await copyFile(at(incremental, name), join(gateway.root, 'kept'))
      for (let tries = 0; tries < 2; tries++) {
        await flip(at(incremental, name))
        await expect(gateway.backups.verify(incremental, by)).rejects.toThrow('is damaged')
        await copyFile(join(gateway.root, 'kept'), at(incremental, name))
      }
      expect((await states())[incremental]).toBe('damaged')
      expect(await alarms()).toEqual([`backup-damaged:${incremental}`])
      await gateway.backups.verify(incremental, by)
      expect(await alarms()).toEqual([])
    }
  })

  it('is passed over by a restore, which says so, for the one before it', async () => {
    await flip(at(incremental, '000000.chunk'))
    const restored = await restore('before')
    expect(restored.backupId).toBe(full)
    expect(restored.passedOver).toEqual([{ id: incremental, why: expect.stringContaining('chunk 0') }])
  })

  it('takes those that stand on it with it; the next incremental is a full one then', async () => {
    await flip(at(full, '000000.chunk'))
    gateway.time.now += 60_000
    const next = await gateway.backups.run('incremental', by)
    const { [next]: made, [incremental]: standing, [full]: hit, ...attempt } = await states()
    expect([made, standing, hit]).toEqual(['good', 'stands-on-damaged', 'damaged'])
    expect(Object.values(attempt)).toEqual(['damaged'])
    expect((await gateway.backups.status()).backups.find(({ id }) => id === next)?.kind).toBe('full')
    expect((await restore('after')).backupId).toBe(next)
  })

  it('is found by the look at all that are kept', async () => {
    await flip(at(full, '000001.chunk'))
    await gateway.backups.checkKept()
    expect((await states())[full]).toBe('damaged')
    expect(await alarms()).toEqual([`backup-damaged:${full}`])
  })

  it('cannot be made of the parts of others', async () => {
    await copyFile(at(full, '000001.chunk'), at(full, '000000.chunk'))
    await expect(gateway.backups.verify(full, by)).rejects.toThrow('is damaged')
    await copyFile(at(full, 'manifest'), at(incremental, 'manifest'))
    await expect(gateway.backups.verify(incremental, by)).rejects.toThrow("another backup's manifest")
    await rename(at(full), at('20990101T000000000Z-00000000'))
    await gateway.backups.align()
    expect(Object.values(await states())).not.toContain('good')
    await expect(restore('none')).rejects.toThrow('that can be restored')
  })

  it('that has vanished is told', async () => {
    await rm(at(incremental), { recursive: true })
    await gateway.backups.align()
    expect((await states())[incremental]).toBe('missing')
    expect(await alarms()).toEqual(['backup-damaged:missing'])
  })
})
