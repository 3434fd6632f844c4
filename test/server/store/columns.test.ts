import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Column, columns } from '../../../src/server/store/index.ts'
import { openTestFoundation } from '../foundation.ts'

const page = join(import.meta.dirname, '../../../docs/data-protection/columns.md')
const tables = Object.entries(columns).map(
  ([table, { columns: all, kept }]) => [table, kept, Object.entries(all) as [string, Column][]] as const,
)

/** The page for who reviews it. */
function printed(): string {
  const lines = [
    '# What is encrypted',
    '',
    'Every column of the gateway’s database. **Encrypted**: AES-256-GCM, bound to table, column and row. **Keyed**: HMAC-SHA-256 under a key',
    'that is not in the file, for exact look-up. **Clear**: as it is, and why. Rows of tables marked *written once* are never changed; triggers',
    'refuse it. Printed from `src/server/store/columns` by `test/server/store/columns.test.ts`, which holds it to the real database.',
  ]
  for (const [table, kept, all] of [...tables].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(
      '',
      `## ${table}${kept === 'once' ? ' (written once)' : ''}`,
      '',
      '| column | | |',
      '|---|---|---|',
    )
    for (const [name, column] of all)
      lines.push(`| \`${name}\` | ${column.as} | ${column.as === 'clear' ? column.why : column.holds} |`)
  }
  return `${lines.join('\n')}\n`
}

let gateway: Awaited<ReturnType<typeof openTestFoundation>>
let database: Database.Database
beforeAll(async () => {
  gateway = await openTestFoundation()
  database = new Database(join(gateway.dir, 'vigil.db'), { readonly: true })
})
afterAll(async () => {
  database.close()
  await gateway.close()
})

describe('the table of columns', () => {
  it('has every column of the real database, and no other', () => {
    const names = database
      .prepare(
        `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%' order by name`,
      )
      .pluck()
      .all() as string[]
    const real = names.map((table) => [
      table,
      (database.prepare('select name from pragma_table_info(?)').pluck().all(table) as string[]).sort(),
    ])
    const said = [...tables].map(([table, , all]) => [table, all.map(([name]) => name).sort()])
    expect(said.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual(real)
  })

  it('says of sealed columns that they are encrypted, and of indexes that they are keyed', () => {
    for (const [table, , all] of tables)
      for (const [name, column] of all) {
        if (name.startsWith('sealed_')) expect([table, name, column.as]).toEqual([table, name, 'encrypted'])
        if (name.endsWith('_index')) expect([table, name, column.as]).toEqual([table, name, 'keyed'])
      }
  })

  it('says of tables that they are written once where the database refuses to change them, and only there', () => {
    const refused = database
      .prepare(
        `select distinct tbl_name from sqlite_master where type = 'trigger' and sql like '%before update on%' and
          sql not like '%when old.%' collate nocase`,
      )
      .pluck()
      .all()
    const once = tables.filter(([, kept]) => kept === 'once').map(([table]) => table)
    expect(once.sort()).toEqual([...refused].sort())
  })

  it('is the page in docs', () => {
    if (process.env.UPDATE_COLUMNS || !existsSync(page)) writeFileSync(page, printed())
    expect(readFileSync(page, 'utf8')).toBe(printed())
  })
})
