import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { columns, UnrecordedChange } from '../../../src/server/store/index.ts'
import {
  unrecordedActs,
  unrecordedColumns,
  unrecordedTables,
} from '../../../src/server/store/recorded/index.ts'
import { openTestFoundation } from '../foundation.ts'

/** No change commits without its record: by the store itself, whatever a capability forgets. */
let gateway: Awaited<ReturnType<typeof openTestFoundation>>
beforeAll(async () => {
  gateway = await openTestFoundation()
  // Rows of no meaning, that refer to nothing.
  await sql`pragma foreign_keys = off`.execute(gateway.store.db)
})
afterAll(() => gateway.close())

const tables = Object.keys(columns)
const held = tables.filter((table) => !Object.hasOwn(unrecordedTables, table))

async function insertInto(table: string): Promise<string> {
  const { rows } = await sql<{ name: string; type: string }>`
    select name, type from pragma_table_info(${table})`.execute(gateway.store.db)
  const names = sql.join(rows.map(({ name }) => sql.ref(name)))
  const values = sql.join(rows.map(({ type }) => (/int/i.test(type) ? sql.lit(7) : sql.lit('7'))))
  return sql`insert into ${sql.table(table)} (${names}) values (${values})`.compile(gateway.store.db).sql
}
const count = async (table: string) => {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(
    gateway.store.db,
  )
  return rows[0]?.count
}
const entry = { action: 'test.done', outcome: 'success', actor: { kind: 'cli', id: 'test' } } as const

describe('a change', () => {
  it.each(held)('of %s does not commit without a record, and does with one', async (table) => {
    const { store, audit } = gateway
    const insert = sql.raw(await insertInto(table))
    const before = await count(table)
    await expect(store.transaction((trx) => insert.execute(trx))).rejects.toEqual(
      new UnrecordedChange([table]),
    )
    expect(await count(table)).toBe(before)
    await store.transaction(async (trx) => {
      await insert.execute(trx)
      await audit.append(trx, entry)
    })
    expect(await count(table)).toBe((before ?? 0) + 1)
  })

  it('that takes a row away, or writes over it, neither', async () => {
    const { store } = gateway
    for (const act of [
      sql`delete from study_claims`,
      sql`update accounts set disabled = 1`,
      sql`update sessions set state = 'active', last_seen_at = 1`,
    ])
      await expect(store.transaction((trx) => act.execute(trx))).rejects.toThrow(UnrecordedChange)
    await store.transaction((trx) => sql`update sessions set last_seen_at = 1`.execute(trx))
  })

  it('that is no change of any row needs none', async () => {
    await gateway.store.transaction((trx) => sql`delete from accounts where id = 'nobody'`.execute(trx))
  })

  it('outside of a transaction is refused by a gateway that serves', async () => {
    const served = await openTestFoundation()
    try {
      await served.store.db.insertInto('settings').values({ name: 'a', value: '1' }).execute()
      served.store.recordedOnly()
      await expect(
        served.store.db.insertInto('settings').values({ name: 'b', value: '1' }).execute(),
      ).rejects.toThrow(UnrecordedChange)
      expect(
        await served.store.db.selectFrom('settings').selectAll().where('name', '=', 'b').execute(),
      ).toEqual([])
      await served.store.db.deleteFrom('lockouts').execute()
    } finally {
      await served.close()
    }
  })
})

describe('the exceptions', () => {
  it('are of tables and columns that there are, each with its reason', () => {
    const known: Record<string, object> = Object.fromEntries(
      Object.entries(columns).map(([table, { columns: of }]) => [table, of]),
    )
    for (const [table, why] of Object.entries(unrecordedTables)) {
      if (!table.startsWith('kysely_')) expect(known, table).toHaveProperty(table)
      expect(why.length).toBeGreaterThan(10)
    }
    for (const [table, { columns: free, why }] of Object.entries(unrecordedColumns)) {
      for (const column of free) expect(known[table], table).toHaveProperty(column)
      expect(why.length).toBeGreaterThan(10)
    }
  })

  it('that are whole acts are each made at one place of the source', () => {
    const folder = join(import.meta.dirname, '../../../src/server')
    const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes('recorded'))
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n')
    for (const act of Object.keys(unrecordedActs))
      expect([act, source.split(`'${act}'`).length - 1]).toEqual([act, 1])
  })
})
