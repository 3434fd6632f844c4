import { sql, type Transaction } from 'kysely'
import { z } from 'zod'
import { IntegrityError, type Protection } from '../protection/index.ts'
import {
  combined,
  conditionOf,
  emptySeal,
  keyOf,
  openTableSeal,
  rowContent,
  type Schema,
  type SealedTable,
  type Store,
  sealsVersion,
  sealTable,
  tableSealPlace,
  type Value,
  valuesOf,
  wholeName,
} from '../store/index.ts'
import { listName } from './check-tables.ts'

const TableList = z.record(z.string(), z.array(z.string()))

/** Rows that were taken as they stood when their table was first sealed; by table. */
export type Adopted = ReadonlyMap<string, number>

/**
 * From now on the store's rows are written with their seals. Tables that were never sealed (a database from before, a table
 * of a new version) are sealed as they stand, once: what was sealed before is never taken as it stands again, not even where
 * its seals are gone. The list of sealed tables says so, and where that is gone, the newest audit record.
 * @returns what was adopted; empty for a new database.
 */
export async function sealRows(deps: { store: Store; protection: Protection }): Promise<Adopted> {
  const { store, protection } = deps
  store.seals.open({ ...protection, damaged: (place) => new IntegrityError(place) })
  return store.transaction(async (trx) => {
    const adopted = new Map<string, number>()
    const list = await readList(trx, protection)
    if (list === 'damaged') return adopted
    const tables = store.seals.tables()
    if (tables.every((table) => sameColumns(list[table.name], table))) return adopted
    if (Object.keys(list).length === 0) await putSeal(trx, protection, wholeName)
    for (const table of tables) {
      const before = list[table.name]
      // A column that it was sealed with is gone: no version of the product takes one away from sealed rows.
      if (before?.some((column) => !table.columns.includes(column))) continue
      if (!before) {
        await putSeal(trx, protection, table.name)
        const rows = await adopt(trx, table)
        if (rows > 0) adopted.set(table.name, rows)
      } else if (!sameColumns(before, table)) await reseal(trx, protection, table, before)
      list[table.name] = [...table.columns]
    }
    await writeList(trx, protection, list)
    return adopted
  })
}

/** Every row's MAC anew, under the newest generation of the row key. Rows that are damaged stay so. @returns how many there were. */
export async function resealRows(
  { store, protection }: { store: Store; protection: Protection },
  { slice = 200, pause = async () => {} }: { slice?: number; pause?: () => Promise<void> } = {},
): Promise<number> {
  let rows = 0
  for (const table of store.seals.tables())
    for (let after = 0; ; await pause()) {
      const done = await store.transaction((trx) =>
        reseal(trx, protection, table, table.columns, { after, slice }),
      )
      rows += done.rows
      if (done.rows < slice) break
      after = done.last
    }
  return rows
}

const sameColumns = (before: readonly string[] | undefined, { columns }: SealedTable): boolean =>
  before !== undefined && JSON.stringify(before) === JSON.stringify(columns)

async function readList(
  trx: Transaction<Schema>,
  protection: Protection,
): Promise<Record<string, string[]> | 'damaged'> {
  const row = await trx
    .selectFrom('table_seals')
    .select('seal')
    .where('name', '=', listName)
    .executeTakeFirst()
  if (!row) return (await wasSealed(trx, protection)) ? 'damaged' : {}
  try {
    return TableList.parse(JSON.parse(protection.open(tableSealPlace(listName), row.seal)))
  } catch {
    return 'damaged'
  }
}

async function writeList(
  trx: Transaction<Schema>,
  protection: Protection,
  list: Record<string, readonly string[]>,
): Promise<void> {
  const seal = protection.seal(tableSealPlace(listName), JSON.stringify(list))
  await trx
    .insertInto('table_seals')
    .values({ name: listName, seal })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ seal }))
    .execute()
}

/** Each audit record holds how far the seals were when it was written: one that does not is from before there were any. */
async function wasSealed(trx: Transaction<Schema>, protection: Protection): Promise<boolean> {
  return (await sealsOfLastRecord(trx, protection)) !== null
}

/** The version of the seal of all tables that the newest audit record holds; null where there is none, or it is from before. */
export async function sealsOfLastRecord(
  queries: Pick<Transaction<Schema>, 'selectFrom'>,
  protection: Protection,
): Promise<number | null> {
  const last = await queries
    .selectFrom('audit')
    .select(['seq', 'sealed_detail'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!last) return null
  const place = { table: 'audit', column: 'sealed_detail', row: String(last.seq) }
  try {
    const detail: unknown = JSON.parse(protection.open(place, last.sealed_detail))
    return z.object({ seals: z.int() }).safeParse(detail).data?.seals ?? null
  } catch {
    // Damaged: not from before, as far as anybody can say.
    return 0
  }
}

/** Seals a table anew, whose rows have no seals any more, and all tables together by what the seals of each say. @returns its rows. */
export async function adoptTable(
  trx: Transaction<Schema>,
  protection: Protection,
  table: SealedTable,
  tables: readonly SealedTable[],
): Promise<number> {
  const version = Math.max(
    0,
    (await sealsVersion(trx, protection)) ?? 0,
    (await sealsOfLastRecord(trx, protection)) ?? 0,
  )
  const write = async (name: string, state: typeof emptySeal) => {
    const seal = sealTable(protection, name, state)
    await trx
      .insertInto('table_seals')
      .values({ name, seal })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ seal }))
      .execute()
  }
  if ((await readList(trx, protection)) === 'damaged')
    await writeList(trx, protection, Object.fromEntries(tables.map(({ name, columns }) => [name, columns])))
  await write(table.name, { ...emptySeal, version })
  const rows = await adopt(trx, table)
  let sum: Buffer = Buffer.from(emptySeal.sum, 'hex')
  let all = 0
  for (const row of await trx.selectFrom('table_seals').selectAll().execute()) {
    if (!tables.some(({ name }) => name === row.name)) continue
    const seal = openTableSeal(protection, row.name, row.seal)
    sum = combined(sum, Buffer.from(seal.sum, 'hex'))
    all += seal.rows
  }
  await write(wholeName, { version: version + rows + 1, rows: all, sum: sum.toString('hex') })
  return rows
}

async function putSeal(trx: Transaction<Schema>, protection: Protection, name: string): Promise<void> {
  const seal = sealTable(protection, name, emptySeal)
  await trx.insertInto('table_seals').values({ name, seal }).execute()
}

async function adopt(trx: Transaction<Schema>, table: SealedTable): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into row_seals (tbl, key, mac)
    select ${sql.lit(table.name)}, ${sql.raw(keyOf(table, 'r'))},
      vigil_row_mac(${sql.lit(table.name)}, ${sql.raw(valuesOf(table, 'r'))})
    from ${sql.table(table.name)} r where ${sql.raw(conditionOf(table, 'r'))}`.execute(trx)
  return Number(numAffectedRows ?? 0)
}

/** Rows whose MAC holds over the columns they had get one over those they have; `part`: only so many, in order of rowid. */
async function reseal(
  trx: Transaction<Schema>,
  protection: Protection,
  table: SealedTable,
  before: readonly string[],
  part?: { after: number; slice: number },
): Promise<{ rows: number; last: number }> {
  const oldContent = rowContent(table.name, before)
  const newContent = rowContent(table.name, table.columns)
  const limit = part ? sql`where r.rowid > ${part.after} order by r.rowid limit ${part.slice}` : sql``
  const { rows } = await sql<
    Record<string, Value> & { seal_row: number; seal_key: string; seal_mac: string }
  >`
    select r.*, r.rowid as seal_row, s.key as seal_key, s.mac as seal_mac
    from ${sql.table(table.name)} r
    join row_seals s on s.tbl = ${table.name} and s.key = ${sql.raw(keyOf(table, 'r'))} ${limit}`.execute(trx)
  for (const row of rows) {
    const mac = protection.rowMac(oldContent(before.map((column) => row[column] ?? null)), row.seal_mac)
    if (mac !== row.seal_mac) continue
    const again = protection.rowMac(newContent(table.columns.map((column) => row[column] ?? null)))
    if (again !== mac)
      await trx
        .updateTable('row_seals')
        .set({ mac: again })
        .where('tbl', '=', table.name)
        .where('key', '=', row.seal_key)
        .execute()
  }
  return { rows: rows.length, last: rows.at(-1)?.seal_row ?? 0 }
}
