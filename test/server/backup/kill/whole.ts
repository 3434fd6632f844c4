import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { directoryPlace, restoreBackup } from '../../../../src/server/backup/index.ts'
import { by, type GatewayDirectory } from '../gateway-directory.ts'

/**
 * What must hold whatever was done to the backups: each that counts as good restores whole, with everything that had been
 * committed before its moment; nothing half made is left after the next one; the gateway's own data never suffered.
 * @returns how many good ones there are.
 */
export async function expectWhole(
  gateway: GatewayDirectory,
  live: { committed: readonly string[]; failures: readonly string[] },
  made: readonly string[] = [],
): Promise<number> {
  expect(live.failures).toEqual([])
  await gateway.backups.align()
  await gateway.backups.run('incremental', by)
  const { directory } = gateway.foundation.config.backup
  const work = await readdir(join(gateway.dir, 'backup-work'), { withFileTypes: true })
  expect(work.filter((entry) => entry.isDirectory())).toEqual([])
  for (const name of await readdir(directory))
    expect(existsSync(join(directory, name, 'manifest'))).toBe(true)

  const { backups } = await gateway.backups.status()
  const good = backups.filter(({ state }) => state === 'good').map(({ id }) => id)
  expect(backups.filter(({ state }) => state === 'running' || state === 'damaged')).toEqual([])
  expect(made.filter((id) => !good.includes(id))).toEqual([])
  expect((await readdir(directory)).sort()).toEqual([...good].sort())
  await expectEachRestores(gateway)
  const { faults } = await gateway.foundation.audit.verify()
  expect(faults).toEqual([])
  const rows = await gateway.foundation.store.db.selectFrom('settings').select('name').execute()
  const kept = new Set(rows.map(({ name }) => name))
  expect(live.committed.filter((name) => !kept.has(name))).toEqual([])
  return good.length
}

/** Each that counts as good, into a directory of its own, with all checks; with `onlyNewest` the older ones are rebuilt alone. */
export async function expectEachRestores(
  gateway: GatewayDirectory,
  { onlyNewest = false }: { onlyNewest?: boolean } = {},
): Promise<void> {
  const { backups } = await gateway.backups.status()
  const place = directoryPlace('local', gateway.foundation.config.backup.directory)
  for (const [index, { id, coversUntil }] of backups.filter(({ state }) => state === 'good').entries()) {
    if (onlyNewest && index > 0) {
      await gateway.backups.verify(id, by)
      continue
    }
    const to = join(gateway.root, 'proof')
    const restored = await restoreBackup({ ...gateway.keys, place, to, at: coversUntil ?? 0 })
    expect([restored.backupId, restored.passedOver]).toEqual([id, []])
    expect(restored.checks.filter(({ passed }) => !passed)).toEqual([])
    expectUnbroken(to)
    await rm(to, { recursive: true })
  }
}

/** The live writes are numbered: as of one moment, there is none missing up to the last. */
function expectUnbroken(dir: string): void {
  const database = new Database(join(dir, 'vigil.db'), { readonly: true })
  const numbers = database
    .prepare(`select cast(substr(name, 6) as integer) as n from settings where name like 'live-%' order by n`)
    .pluck()
    .all() as number[]
  database.close()
  expect(numbers).toEqual(numbers.map((_, index) => index + 1))
}
