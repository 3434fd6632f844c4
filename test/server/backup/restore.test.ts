import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { directoryPlace, restoreBackup } from '../../../src/server/backup/index.ts'
import { by, type GatewayDirectory, openGatewayDirectory } from './gateway-directory.ts'

let gateway: GatewayDirectory
const ids: string[] = []

beforeAll(async () => {
  gateway = await openGatewayDirectory()
  await gateway.fill(1)
  await mkdir(join(gateway.dir, 'studies', 'vigil-objects', '1.2'), { recursive: true })
  await writeFile(join(gateway.dir, 'studies', 'vigil-objects', '1.2', 'own.dcm'), Buffer.alloc(200_000, 7))
  await writeFile(join(gateway.dir, 'studies', 'theirs.dcm'), 'not ours')
  for (const [index, kind] of (
    ['full', 'incremental', 'incremental', 'full', 'incremental'] as const
  ).entries()) {
    await gateway.write(`before-${index}`)
    ids.push(await gateway.backups.run(kind, by))
    gateway.time.now += 3_600_000
  }
  await gateway.write('after-all')
})
afterAll(() => gateway.close())

const place = () => directoryPlace('local', join(gateway.dir, 'backups'))
const restoreTo = (name: string, more: { at?: number } = {}) =>
  restoreBackup({ ...gateway.keys, place: place(), to: join(gateway.root, name), ...more })

function written(dir: string): string[] {
  const database = new Database(join(dir, 'vigil.db'), { readonly: true })
  const names = database
    .prepare(`select name from settings where name like 'before-%' or name = 'after-all' order by name`)
    .pluck()
    .all() as string[]
  database.close()
  return names
}

describe('backups', () => {
  it('are listed as good, each proven, the incremental ones small', async () => {
    const { backups } = await gateway.backups.status()
    expect(backups.map(({ id }) => id)).toEqual([...ids].reverse())
    expect(new Set(backups.map(({ state }) => state))).toEqual(new Set(['good']))
    expect(backups.every(({ verifiedAt }) => verifiedAt !== null)).toBe(true)
    const [second, full, , first] = backups.map(({ bytes }) => bytes)
    expect(second).toBeLessThan((full ?? 0) / 3)
    expect(first).toBeLessThan((full ?? 0) / 3)
  })

  it('leave no unsealed copy behind, and nothing that others may read', async () => {
    expect(
      (await readdir(join(gateway.dir, 'backup-work'), { withFileTypes: true })).filter((e) =>
        e.isDirectory(),
      ),
    ).toEqual([])
    for (const entry of await readdir(join(gateway.dir, 'backups'), { recursive: true })) {
      const { mode } = await stat(join(gateway.dir, 'backups', entry))
      expect([entry, mode & 0o077]).toEqual([entry, 0])
    }
  })

  it('restore the newest state, all files with it, and prove it', async () => {
    const to = join(gateway.root, 'newest')
    const restored = await restoreTo('newest')
    expect(restored).toMatchObject({ backupId: ids[4], passedOver: [] })
    expect(restored.checks.map(({ name, passed }) => [name, passed])).toEqual([
      ['files', true],
      ['database', true],
      ['foreign-keys', true],
      ['row-seals', true],
      ['audit-chain', true],
    ])
    expect(written(to)).toEqual(['before-0', 'before-1', 'before-2', 'before-3', 'before-4'])
    for (const name of ['vigil.yaml', 'gateway-id', 'studies/vigil-objects/1.2/own.dcm'])
      expect(await readFile(join(to, name))).toEqual(await readFile(join(gateway.dir, name)))
    expect((await readdir(join(to, 'pki'))).sort()).toEqual((await readdir(join(gateway.dir, 'pki'))).sort())
    for (const none of ['master.key', 'studies/theirs.dcm', 'backups'])
      expect(existsSync(join(to, none))).toBe(false)
  })

  it('restore any moment that one of them has', async () => {
    const { backups } = await gateway.backups.status()
    for (const [index, id] of ids.entries()) {
      const at = backups.find((row) => row.id === id)?.coversUntil ?? 0
      const restored = await restoreTo(`moment-${index}`, { at: at + 60_000 })
      expect(restored.backupId).toBe(id)
      expect(written(join(gateway.root, `moment-${index}`))).toHaveLength(index + 1)
    }
    await expect(restoreTo('too-early', { at: 1000 })).rejects.toThrow('no backup')
    expect(existsSync(join(gateway.root, 'too-early'))).toBe(false)
  })

  it('are not restored over what is there', async () => {
    await expect(restoreTo('data')).rejects.toThrow('exists')
  })

  it('do not open under another master key', async () => {
    const masterKey = async () => Buffer.alloc(32, 1)
    const wrong = restoreBackup({
      ...gateway.keys,
      masterKey,
      place: place(),
      to: join(gateway.root, 'wrong'),
    })
    await expect(wrong).rejects.toThrow('not the master key')
  })

  it('give the newest database to repairs, and take it away after', async () => {
    const [newest] = await gateway.backups.copiesOf()
    expect(newest).toMatchObject({ backupId: ids[4], place: 'local' })
    const opened = await newest?.open()
    const database = new Database(opened?.file ?? '', { readonly: true })
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
    await opened?.close()
    expect(existsSync(opened?.file ?? '')).toBe(false)
  })

  it('are found again by their directory where the database does not know them', async () => {
    await gateway.foundation.store.db.deleteFrom('backups').execute()
    await gateway.backups.align()
    const { backups } = await gateway.backups.status()
    expect(backups.map(({ id, kind, state }) => [id, kind, state])).toEqual(
      [...ids].reverse().map((id, index) => [id, [1, 4].includes(index) ? 'full' : 'incremental', 'good']),
    )
  })
})
