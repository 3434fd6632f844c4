import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createBackups } from '../../../src/server/backup/index.ts'
import { damageRows, type Integrity } from '../../../src/server/integrity/index.ts'
import { openIntegrity } from '../../../src/server/open-integrity.ts'
import { by, type GatewayDirectory, openGatewayDirectory } from '../backup/gateway-directory.ts'
import { pastSeals } from '../tampering.ts'
import { auditArchiveOf } from './audit-archive-of.ts'
import { lookedAt } from './looked-at.ts'

/** Repairs from backups that the product made itself: a gateway's data directory, its backups, and an off-site place. */
let gateway: GatewayDirectory
let integrity: Integrity
let ids: string[]
const away = mkdtempSync(join(tmpdir(), 'vigil-away-'))
const offSite = [{ name: 'other-disk', kind: 'directory', path: away, mostLagMinutes: 60 }]

beforeAll(async () => {
  gateway = await openGatewayDirectory({ backup: { offSite } })
  integrity = await open()
  await lockOut('early', 'two', 'three', 'four')
  ids = [await backUp('full')]
  await lockOut('late')
  ids.push(await backUp('incremental'))
})
afterEach(async () => {
  expect(await lookedAt(gateway.foundation)).toEqual([])
  const standing = (await damageRows(gateway.foundation)).filter(({ state }) => state === 'isolated')
  expect(standing).toEqual([])
})
afterAll(async () => {
  await gateway.close()
  rmSync(away, { recursive: true })
})

async function open(): Promise<Integrity> {
  const { foundation, paths, backups } = gateway
  return openIntegrity(foundation, { paths, backups, auditArchive: await auditArchiveOf(foundation, paths) })
}
async function backUp(kind: 'full' | 'incremental'): Promise<string> {
  gateway.time.now += 60_000
  return gateway.backups.run(kind, by)
}
const lockOut = (...subjects: string[]) =>
  gateway.foundation.store.db
    .insertInto('lockouts')
    .values(subjects.map((subject) => ({ subject, failures: 5, last_failure_at: 1, locked_until: 99 })))
    .execute()
const lockedOut = async () =>
  (await gateway.foundation.store.db.selectFrom('lockouts').selectAll().orderBy('subject').execute()).map(
    ({ subject, locked_until }) => `${subject} ${locked_until}`,
  )
function attack(statements: string): void {
  const database = new Database(gateway.paths.database)
  pastSeals(database, () => database.exec(statements))
  database.close()
}
const chunk = (id: string) => join(gateway.dir, 'backups', id, '000000.chunk')
function flip(file: string, place = 40): Buffer {
  const bytes = readFileSync(file)
  const changed = Buffer.from(bytes)
  changed[place] = (changed[place] ?? 0) ^ 4
  writeFileSync(file, changed)
  return bytes
}
/** Sources of what was restored since, newest first. */
const sources = async (since: number) =>
  (await gateway.foundation.audit.tail())
    .filter(({ action, seq }) => action === 'integrity.restored' && seq > since)
    .map(({ object, detail }) => [object, (detail as { source: string }).source])
const lastRecord = async () => (await gateway.foundation.audit.tail())[0]?.seq ?? 0

describe('a repair', () => {
  it('takes what it can from the newest backup', async () => {
    const since = await lastRecord()
    attack(`update lockouts set locked_until = null where subject in ('early', 'late')`)
    expect(await integrity.scrub.run()).toMatchObject({ damaged: 2, restored: 2 })
    expect(await lockedOut()).toEqual(['early 99', 'four 99', 'late 99', 'three 99', 'two 99'])
    for (const [, source] of await sources(since)) expect(source).toBe(`backup:${ids[1]}`)
  })

  it('goes back to an older one where the newest holds the damage already', async () => {
    attack(`update lockouts set locked_until = null where subject = 'early'`)
    const damaged = await backUp('incremental')
    const since = await lastRecord()
    expect(await integrity.scrub.run()).toMatchObject({ damaged: 1, restored: 1 })
    expect(await sources(since)).toEqual([['lockouts:early', `backup:${ids[1]}`]])
    ids.push(damaged)
  })

  it('goes back to an older one where the newest is damaged, which is told and not used again', async () => {
    const { foundation, paths } = gateway
    const alone = createBackups(
      {
        ...foundation,
        config: { ...foundation.config, backup: { ...foundation.config.backup, offSite: [] } },
      },
      { paths },
    )
    const [newest, before] = [await backUp('full'), ids[1]]
    const bytes = flip(chunk(newest))
    attack(`update lockouts set locked_until = null where subject = 'late'`)
    const since = await lastRecord()
    const run = await openIntegrity(foundation, {
      paths,
      backups: alone,
      auditArchive: await auditArchiveOf(foundation, paths),
    }).scrub.run()
    expect(run).toMatchObject({ damaged: 2, restored: 1 })
    const restored = (await sources(since)).at(0)
    expect(restored?.[0]).toBe('lockouts:late')
    // Of what came before it the newest that has the row: the one made while `early` was damaged.
    expect(restored?.[1]).toBe(`backup:${ids[2]}`)
    expect(before).not.toBe(ids[2])
    const states = (await alone.status()).backups.map(({ id, state }) => [id, state])
    expect(states).toContainEqual([newest, 'damaged'])
    // Somebody puts the file back: it is proven, and counts again.
    writeFileSync(chunk(newest), bytes)
    expect(await integrity.scrub.run()).toMatchObject({ outcome: 'clean' })
    expect((await gateway.backups.status()).backups.find(({ id }) => id === newest)?.state).toBe('good')
    ids.push(newest)
  })

  it('puts back all rows that were taken away with their seals, and leaves those that the product took away', async () => {
    await gateway.foundation.store.db.deleteFrom('lockouts').where('subject', '=', 'four').execute()
    attack(`delete from lockouts where subject in ('early', 'two', 'late');
      delete from row_seals where tbl = 'lockouts' and key in ('early', 'two', 'late')`)
    expect(await integrity.scrub.run()).toMatchObject({ damaged: 1, restored: 1 })
    expect(await lockedOut()).toEqual(['early 99', 'late 99', 'three 99', 'two 99'])
  })

  it('says what is missing where no backup proves it, and puts nothing in its place', async () => {
    await lockOut('newest')
    attack(`delete from lockouts where subject in ('newest', 'two');
      delete from row_seals where tbl = 'lockouts' and key in ('newest', 'two')`)
    expect(await integrity.scrub.run()).toMatchObject({ damaged: 1, restored: 0 })
    const [row] = await damageRows(gateway.foundation)
    expect(row).toMatchObject({ place: 'lockouts.rows/*', what: 'rows-missing', state: 'isolated' })
    expect(row?.lack).toEqual({ missing: 2, source: `backup:${ids.at(-1)}`, keys: ['four', 'two'] })
    // What nobody had a copy of comes back by hand; the rest is proven then.
    attack(
      `insert into lockouts (subject, failures, last_failure_at, locked_until) values ('newest', 5, 1, 99)`,
    )
    await integrity.scrub.run()
    await integrity.scrub.run()
    expect(await lockedOut()).toContain('two 99')
  })

  it('takes a row away that was put back with its seal of then', async () => {
    const file = new Database(gateway.paths.database)
    const row = file.prepare(`select * from row_seals where tbl = 'lockouts' and key = 'three'`).get()
    file.close()
    await gateway.foundation.store.db.deleteFrom('lockouts').where('subject', '=', 'three').execute()
    const { mac } = row as { mac: string }
    attack(`insert into lockouts (subject, failures, last_failure_at, locked_until) values ('three', 5, 1, 99);
      insert into row_seals values ('lockouts', 'three', '${mac}')`)
    expect(await integrity.scrub.run()).toMatchObject({ damaged: 1, restored: 1 })
    expect(await lockedOut()).not.toContain('three 99')
  })

  it('believes no table’s seal that is an old one itself', async () => {
    const seal = () => {
      const file = new Database(gateway.paths.database)
      const text = file.prepare(`select seal from table_seals where name = 'lockouts'`).pluck().get()
      file.close()
      return String(text)
    }
    const then = seal()
    await lockOut('since')
    const now = seal()
    attack(`update table_seals set seal = '${then}' where name = 'lockouts'`)
    expect(await integrity.scrub.run()).toMatchObject({ damaged: 2, restored: 0 })
    expect(await lockedOut()).toContain('since 99')
    attack(`update table_seals set seal = '${now}' where name = 'lockouts'`)
    expect(await integrity.scrub.run()).toMatchObject({ outcome: 'clean' })
  })
})

it('what is found while the gateway runs is restored at once, not by the next scrub', async () => {
  const { foundation, paths, backups } = gateway
  const auditArchive = await auditArchiveOf(foundation, paths)
  const { watch } = openIntegrity(foundation, { paths, backups, auditArchive, everyMs: 20 })
  watch.start()
  try {
    attack(`update lockouts set locked_until = null where subject = 'late'`)
    const since = await lastRecord()
    await vi.waitFor(async () => expect(await sources(since)).toHaveLength(1), {
      timeout: 20_000,
      interval: 50,
    })
    expect(await lockedOut()).toContain('late 99')
  } finally {
    await watch.stop()
  }
})

describe('the backups themselves', () => {
  it('are looked at, restored from their off-site copies, and count again once they are proven', async () => {
    await gateway.backups.send()
    const { foundation } = gateway
    const since = await lastRecord()
    const [full] = ids
    const good = async () =>
      (await gateway.backups.status()).backups.filter(({ state }) => state === 'good').length
    const before = await good()
    flip(chunk(full ?? ''))
    flip(join(gateway.dir, 'backups', ids[1] ?? '', 'manifest'), 900)
    rmSync(join(gateway.dir, 'backups', ids[3] ?? ''), { recursive: true })
    const run = await integrity.scrub.run()
    expect(run).toMatchObject({ damaged: 3, restored: 3 })
    expect((await sources(since)).sort()).toEqual(
      [
        [`backup:${full}/000000.chunk`, 'off-site:other-disk'],
        [`backup:${ids[1]}/manifest`, 'off-site:other-disk'],
        [`backup:${ids[3]}/manifest`, 'off-site:other-disk'],
      ].sort(),
    )
    expect(await good()).toBe(before)
    const alarms = await foundation.store.db
      .selectFrom('alarms')
      .select(['kind', 'subject'])
      .where('cleared_at', 'is', null)
      .execute()
    expect(alarms).toEqual([])
    const told = (await foundation.audit.tail()).filter(
      ({ action, object, seq }) =>
        action === 'integrity.failed' && object.startsWith('backup:') && seq > since,
    )
    expect(told).toHaveLength(3)
  })

  it('help from the off-site place alone, where none is left here', async () => {
    const folder = join(gateway.dir, 'backups')
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
    mkdirSync(folder, { recursive: true })
    await gateway.backups.align()
    expect((await gateway.backups.status()).backups.some(({ state }) => state === 'good')).toBe(false)
    attack(`update lockouts set locked_until = null where subject = 'late'`)
    expect(await integrity.watch.look()).toBe(1)
    const restored = await integrity.repair(by)
    expect(restored).toEqual([
      {
        place: expect.objectContaining({ row: 'late' }),
        source: expect.stringMatching(/^off-site:other-disk\//),
      },
    ])
  })
})
