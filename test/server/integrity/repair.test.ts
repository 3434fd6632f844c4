import { randomUUID } from 'node:crypto'
import { copyFileSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  acceptTable,
  createDamageReports,
  createIntegrity,
  damageRows,
  type ScrubSource,
} from '../../../src/server/integrity/index.ts'
import { whole } from '../../../src/server/store/index.ts'
import { openTestFoundation } from '../foundation.ts'
import { pastSeals } from '../tampering.ts'
import { lookedAt } from './looked-at.ts'

let gateway: Awaited<ReturnType<typeof openTestFoundation>>
let copy: string
const files = new Map<string, { fault: string | null }>()
const source: ScrubSource = {
  name: 'kept-object',
  total: async () => files.size,
  async *check() {
    for (const [file, { fault }] of files) yield { file, bytes: 10, fault }
  },
  async restore(file) {
    if (file === 'nowhere') return null
    files.set(file, { fault: null })
    return 'derived'
  },
}
const by = { kind: 'cli', id: 'test' } as const
const subjects = ['account:a', 'account:b', 'account:c']

beforeEach(async () => {
  files.clear()
  gateway = await openTestFoundation()
  for (const subject of subjects)
    await gateway.store.db
      .insertInto('lockouts')
      .values({ subject, failures: 5, last_failure_at: 1, locked_until: 99 })
      .execute()
  await gateway.store.db
    .insertInto('user_settings')
    .values({
      account_id: 'x',
      area: 'y',
      sealed_value: gateway.protection.seal(
        { table: 'user_settings', column: 'sealed_value', row: 'x/y' },
        '{}',
      ),
      updated_at: 1,
    })
    .execute()
  await gateway.store.db
    .insertInto('label_rule_versions')
    .values({
      version: 1,
      sealed_rules: gateway.protection.seal(
        { table: 'label_rule_versions', column: 'sealed_rules', row: '1' },
        '[]',
      ),
      changed_at: 1,
      changed_by: 'x',
    } as never)
    .execute()
  copy = `${gateway.dir}/${randomUUID()}.db`
  new Database(`${gateway.dir}/vigil.db`).exec(`vacuum into '${copy}'`).close()
})
afterEach(() => gateway.close())

const integrity = (newest: string | null = copy) =>
  createIntegrity(gateway, {
    sources: [source],
    copies: async () => [
      {
        backupId: 'b1',
        place: 'local',
        async open() {
          if (newest === null) return null
          const file = `${newest}.restored`
          copyFileSync(newest, file)
          return { file, close: async () => rmSync(file) }
        },
      },
    ],
    structureFaults: async () => 0,
  })
function attack(statements: string): void {
  const database = new Database(`${gateway.dir}/vigil.db`)
  const guards = database
    .prepare(`select name, sql from sqlite_schema where name like 'label_rule_versions_no_%'`)
    .all() as { name: string; sql: string }[]
  for (const { name } of guards) database.exec(`drop trigger ${name}`)
  pastSeals(database, () => database.exec(statements))
  for (const { sql } of guards) database.exec(sql)
  database.close()
}
const locked = () => whole(gateway.store.db).selectFrom('lockouts').selectAll().orderBy('subject').execute()
const alarmed = async () =>
  (await gateway.store.db.selectFrom('alarms').select(['subject', 'cleared_at']).execute()).map(
    ({ subject, cleared_at }) => `${subject}${cleared_at === null ? '' : ' cleared'}`,
  )

describe('a scrub', () => {
  it('finds nothing where nothing is wrong, and says what it looked at', async () => {
    const run = await integrity().scrub.run()
    expect(run).toMatchObject({ outcome: 'clean', damaged: 0, restored: 0 })
    expect(run.values).toBeGreaterThan(20)
    const [row] = await integrity().scrub.runs()
    expect(row).toEqual(run)
  })

  it.each([
    ['changed', `update lockouts set locked_until = null where subject = 'account:a'`],
    ['taken away', `delete from lockouts where subject = 'account:b'`],
    [
      'taken away with its seal',
      `delete from lockouts where subject = 'account:b'; delete from row_seals where key = 'account:b'`,
    ],
    ['left without its seal', `delete from row_seals where key = 'account:c'`],
    ['added', `insert into lockouts values ('account:z', 0, 0, null)`],
    ['of a table that is written once changed', `update label_rule_versions set changed_by = 'me'`],
    ['of a table that is written once taken away', `delete from label_rule_versions`],
    [
      'whose encrypted value is damaged',
      `update user_settings set sealed_value = substr(sealed_value, 1, 20) || 'AAAA' || substr(sealed_value, 25)`,
    ],
  ])('restores a row that was %s, and all is as it was', async (_, statements) => {
    const before = await gateway.store.db.selectFrom('label_rule_versions').selectAll().execute()
    attack(statements)
    expect(await lookedAt(gateway)).not.toEqual([])
    const run = await integrity().scrub.run()
    expect(run).toMatchObject({ outcome: 'damaged' })
    expect(run.restored).toBe(run.damaged)
    expect(await lookedAt(gateway)).toEqual([])
    expect((await locked()).map(({ subject, locked_until }) => [subject, locked_until])).toEqual(
      subjects.map((subject) => [subject, 99]),
    )
    expect(await gateway.store.db.selectFrom('label_rule_versions').selectAll().execute()).toEqual(before)
    await expect(gateway.store.db.deleteFrom('label_rule_versions').execute()).rejects.toThrow('append-only')
    expect((await damageRows(gateway)).map(({ state }) => state)).not.toContain('isolated')
    expect(await alarmed()).toEqual([expect.stringMatching(/ cleared$/)])
    const audit = await gateway.audit.tail()
    expect(audit.filter(({ action }) => action === 'integrity.restored')).toHaveLength(run.restored)
  })

  it('restores a row in whose place an older version was put', async () => {
    const database = new Database(`${gateway.dir}/vigil.db`)
    const old = database.prepare(`select * from row_seals where key = 'account:a'`).get() as { mac: string }
    database.close()
    await gateway.store.db
      .updateTable('lockouts')
      .set({ failures: 9 })
      .where('subject', '=', 'account:a')
      .execute()
    const newer = `${copy}.newer`
    new Database(`${gateway.dir}/vigil.db`).exec(`vacuum into '${newer}'`).close()
    attack(`update lockouts set failures = 5 where subject = 'account:a';
      update row_seals set mac = '${old.mac}' where key = 'account:a'`)
    expect(await integrity(newer).scrub.run()).toMatchObject({ damaged: 1, restored: 1 })
    expect((await locked())[0]).toMatchObject({ failures: 9 })
    expect(await lookedAt(gateway)).toEqual([])
  })

  it('puts no older version in the place of a damaged row: it stays refused', async () => {
    await gateway.store.db
      .updateTable('lockouts')
      .set({ failures: 9 })
      .where('subject', '=', 'account:a')
      .execute()
    attack(`update lockouts set locked_until = null where subject = 'account:a'`)
    expect(await integrity().scrub.run()).toMatchObject({ damaged: 1, restored: 0 })
    await expect(locked()).rejects.toMatchObject({ name: 'IntegrityError' })
    expect(await damageRows(gateway)).toMatchObject([{ place: 'lockouts.row/account:a', state: 'isolated' }])
    expect(await alarmed()).toEqual(['lockouts'])
    // Nobody has a copy: somebody who looked at it takes the table as it stands.
    const before = await gateway.audit.tail()
    expect(before[0]).toMatchObject({ action: 'integrity.scrubbed', outcome: 'failed' })
    expect(await acceptTable(gateway, { table: 'lockouts', reason: 'looked at by both officers', by })).toBe(
      3,
    )
    expect(await lookedAt(gateway)).toEqual([])
    expect(await alarmed()).toEqual(['lockouts cleared'])
    expect((await gateway.audit.tail()).find(({ action }) => action === 'integrity.accepted')).toMatchObject({
      detail: { reason: 'looked at by both officers', rows: 3 },
    })
  })

  it('knows a value by its row, which a read had told of before', async () => {
    attack(
      `update user_settings set sealed_value = substr(sealed_value, 1, 20) || 'AAAA' || substr(sealed_value, 25)`,
    )
    const key = JSON.stringify(['x', 'y'])
    await createDamageReports(gateway).report({ table: 'user_settings', column: 'row', row: key })
    await integrity(null).scrub.run()
    const standing = async () => (await damageRows(gateway)).map(({ place, state }) => `${place} ${state}`)
    expect((await standing()).sort()).toEqual([
      `user_settings.row/${key} isolated`,
      'user_settings.sealed_value/x/y isolated',
    ])
    expect(await integrity().repair()).toHaveLength(2)
    expect((await standing()).every((one) => one.endsWith(' restored'))).toBe(true)
  })

  it('has files restored by who keeps them, and names those that nobody has', async () => {
    files.set('good', { fault: null }).set('bad', { fault: 'changed' }).set('nowhere', { fault: 'missing' })
    const one = integrity()
    expect(await one.scrub.run()).toMatchObject({ files: 3, damaged: 2, restored: 1 })
    expect(await damageRows(gateway)).toMatchObject([
      { place: 'kept-object.file/nowhere', state: 'isolated' },
      { place: 'kept-object.file/bad', state: 'restored', source: 'derived' },
    ])
  })

  it('lets go often, says how far it is, and runs once at a time', async () => {
    await gateway.store.transaction(async (trx) => {
      for (let n = 0; n < 3000; n += 1)
        await trx
          .insertInto('lockouts')
          .values({ subject: `s${n}`, failures: 1, last_failure_at: 1 })
          .execute()
    })
    const one = integrity()
    let longest = 0
    // Of this process alone: others wait for the same processors.
    let last = process.cpuUsage()
    let seen = 0
    const ticks = setInterval(() => {
      const { user, system } = process.cpuUsage(last)
      longest = Math.max(longest, (user + system) / 1000)
      last = process.cpuUsage()
      seen = Math.max(seen, one.scrub.running()?.done ?? 0)
    }, 1)
    const both = await Promise.all([one.scrub.run(), one.scrub.run()])
    clearInterval(ticks)
    expect(both[0]).toBe(both[1])
    expect(both[0].values).toBeGreaterThan(12_000)
    expect(seen).toBeGreaterThan(1000)
    expect(one.scrub.running()).toBeNull()
    expect(longest).toBeLessThan(150)
  })
})
