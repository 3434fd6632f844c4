import Database from 'better-sqlite3'
import { sql, type Transaction } from 'kysely'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Place } from '../protection/index.ts'
import {
  conditionOf,
  keyOf,
  rowContent,
  type Schema,
  type SealedTable,
  type Value,
  valuesOf,
} from '../store/index.ts'
import { opens } from './check-tables.ts'
import { clearAlarms, placeOf, type StandingDamage, standingDamage } from './damage-list.ts'
import { restoredNow } from './damage-reports.ts'
import { restoreSeal, rowsThatMakeGood } from './repair-seals.ts'
import type { ScrubSource } from './source.ts'
import { writing } from './writing.ts'

/** The database of a backup; `close` takes it away. */
export interface GoodCopy {
  backupId: string
  file: string
  close(): Promise<void>
}

/** Each listed damage, from the newest good copy where there is one; what is not found stays refused. @returns what was restored. */
export type Repair = (by?: AuditEntry['actor']) => Promise<{ place: Place; source: string }[]>

type Row = Record<string, Value>

/**
 * A row is put back only where the copy's MAC is the one that stands here: it is the same version, not an older one. Each
 * repair is audited with its place and source.
 */
export function createRepair(
  foundation: Foundation,
  deps: { sources: readonly ScrubSource[]; newestCopy(): Promise<GoodCopy | null> },
): Repair {
  const { store, protection, audit, clock, log } = foundation

  return async (by = { kind: 'gateway', id: 'gateway' }) => {
    const damaged = await standingDamage(foundation)
    if (damaged.length === 0) return []
    const restored: { place: Place; source: string }[] = []
    const copy = openedLater(deps.newestCopy)
    try {
      for (const one of damaged) {
        const source = await restoreOne(one, copy).catch((error: unknown) => {
          log.error({ place: placeOf(one), error: (error as Error).name }, 'not repaired')
          return null
        })
        if (source === null) continue
        await store.transaction(async (trx) => {
          await trx
            .updateTable('damage')
            .set({ state: 'restored', source, restored_at: clock() })
            .where('id', '=', one.id)
            .execute()
          await audit.append(trx, {
            action: 'integrity.restored',
            outcome: 'success',
            actor: by,
            object: { kind: one.place_table, id: one.place_row },
            detail: { column: one.place_column, source },
          })
        })
        restoredNow(audit, placeOf(one))
        restored.push({ place: placeOf(one), source })
      }
    } finally {
      await copy.close()
    }
    await clearAlarms(
      foundation,
      restored.map(({ place }) => place.table),
    )
    return restored
  }

  async function restoreOne(one: StandingDamage, copy: Copies): Promise<string | null> {
    const place = placeOf(one)
    const files = deps.sources.find(({ name }) => name === place.table)
    if (files) return (await files.restore?.(place.row)) ?? null
    if (place.table === 'table_seals') return null
    const table = store.seals.tables().find(({ name }) => name === place.table)
    if (!table) return null
    if (place.column === 'rows') return restoreRows(table, copy)
    return restoreRow(table, place, copy)
  }

  async function restoreRow(table: SealedTable, place: Place, copy: Copies): Promise<string | null> {
    const key = await keyOfRow(table, place)
    const seal = await store.db
      .selectFrom('row_seals')
      .select('mac')
      .where('tbl', '=', table.name)
      .where('key', '=', key)
      .executeTakeFirst()
    if (!seal) return rowWithoutSeal(table, key)
    const content = rowContent(table.name, table.columns)
    const isOf = (row: Row) =>
      protection.rowMac(content(table.columns.map((column) => row[column] ?? null)), seal.mac) === seal.mac
    const here = await readRow(table, key)
    // Written anew in the meantime.
    if (here && isOf(here)) return opens(protection, table, here) ? 'derived' : null
    const good = await copy.row(table, key)
    if (!good || !isOf(good.row)) return null
    await store.transaction((trx) => putRow(trx, table, key, good.row, here !== undefined))
    return `backup:${good.backupId}`
  }

  /** Nobody sealed it: where the table's seal counts it all the same its own seal was taken away, else somebody put it there. */
  async function rowWithoutSeal(table: SealedTable, key: string): Promise<string | null> {
    const row = await readRow(table, key)
    if (!row) return 'derived'
    return store.transaction(async (trx) => {
      if (await restoreSeal(trx, protection, table, key, row)) return 'derived'
      await writing(trx, table, () =>
        sql`delete from ${sql.table(table.name)} as r where ${sql.raw(keyOf(table, 'r'))} = ${key}`.execute(
          trx,
        ),
      )
      return 'derived'
    })
  }

  async function restoreRows(table: SealedTable, copy: Copies): Promise<string | null> {
    const found = await rowsThatMakeGood(store, protection, table, await copy.all(table))
    if (!found) return null
    if (found === 'whole') return 'derived'
    await store.transaction(async (trx) => {
      for (const { key, mac, row, there } of found.rows) {
        await writing(
          trx,
          table,
          async () => {
            await sql`insert into row_seals (tbl, key, mac) values (${table.name}, ${key}, ${mac})
              on conflict (tbl, key) do update set mac = excluded.mac`.execute(trx)
            await putRow(trx, table, key, row, there)
          },
          { sums: false },
        )
      }
    })
    return `backup:${found.backupId}`
  }

  async function readRow(table: SealedTable, key: string): Promise<Row | undefined> {
    const { rows } = await sql<Row>`select ${sql.raw(valuesOf(table, 'r'))} from ${sql.table(table.name)} r
      where ${sql.raw(keyOf(table, 'r'))} = ${key}`.execute(store.db)
    return rows[0]
  }

  /** A damaged value is named by what it is bound to, which for most tables is the row's key. */
  async function keyOfRow(table: SealedTable, { column, row }: Place): Promise<string> {
    if (column === 'row' || table.primary.length === 1) return row
    const { rows } = await sql<{ key: string }>`select ${sql.raw(keyOf(table, 'r'))} as key
      from ${sql.table(table.name)} r`.execute(store.db)
    const parts = row.split('/')
    return rows.find(({ key }) => JSON.stringify(JSON.parse(key)) === JSON.stringify(parts))?.key ?? row
  }
}

/** Writes the row as it was. Its seal, which is of just this content, stays. */
async function putRow(
  trx: Transaction<Schema>,
  table: SealedTable,
  key: string,
  row: Row,
  there: boolean,
): Promise<void> {
  await writing(trx, table, async () => {
    if (there) {
      const assignments = table.columns.map((column) => sql`${sql.ref(column)} = ${row[column] ?? null}`)
      await sql`update ${sql.table(table.name)} as r set ${sql.join(assignments)}
        where ${sql.raw(keyOf(table, 'r'))} = ${key}`.execute(trx)
      return
    }
    await sql`insert into ${sql.table(table.name)} (${sql.join(table.columns.map((column) => sql.ref(column)))})
      values (${sql.join(table.columns.map((column) => sql`${row[column] ?? null}`))})`.execute(trx)
  })
}

/** The copy is rebuilt only where something is looked for in it. */
interface Copies {
  row(table: SealedTable, key: string): Promise<{ backupId: string; row: Row } | null>
  all(table: SealedTable): Promise<{ backupId: string; rows: { key: string; row: Row }[] } | null>
  close(): Promise<void>
}

function openedLater(newestCopy: () => Promise<GoodCopy | null>): Copies {
  let opened: Promise<{ copy: GoodCopy; database: Database.Database } | null> | null = null
  const open = () => {
    opened ??= newestCopy().then((copy) =>
      copy ? { copy, database: new Database(copy.file, { readonly: true, fileMustExist: true }) } : null,
    )
    return opened
  }
  const select = (table: SealedTable) =>
    `select ${valuesOf(table, 'r')}, ${keyOf(table, 'r')} as seal_key from "${table.name}" r where ${conditionOf(table, 'r')}`
  return {
    async row(table, key) {
      const at = await open()
      if (!at) return null
      const row = at.database.prepare(`${select(table)} and ${keyOf(table, 'r')} = ?`).get(key) as
        | Row
        | undefined
      return row ? { backupId: at.copy.backupId, row } : null
    },
    async all(table) {
      const at = await open()
      if (!at) return null
      const rows = at.database.prepare(select(table)).all() as Row[]
      return { backupId: at.copy.backupId, rows: rows.map((row) => ({ key: String(row.seal_key), row })) }
    },
    async close() {
      const at = await opened
      at?.database.close()
      await at?.copy.close()
    },
  }
}
