import { sql, type Transaction } from 'kysely'
import type { Foundation } from '../foundation.ts'
import type { Place } from '../protection/index.ts'
import { columns, keyOf, type Schema, type SealedTable } from '../store/index.ts'
import { opens } from './check-tables.ts'
import { provenSeals } from './repair-seals.ts'
import { macOf, type Row, type StoredTables } from './stored-tables.ts'
import { type Change, changesThatMakeGood, isRight } from './table-repair.ts'
import { writing } from './writing.ts'

/** How a damaged place is made good. `write` is part of the transaction that records it; it fails where things changed meanwhile. */
export interface Plan {
  write(trx: Transaction<Schema>): Promise<void>
}
/**
 * The gateway's own tables. `trusted`: their seals are what the seal of all says, and no older than the audit. Where they are not, one
 * of them may be an old one that somebody put back, and nothing may be taken away, or put back, on its word.
 */
export type Here = StoredTables & { trusted: boolean }

const nothingToDo: Plan = { write: async () => {} }

/**
 * Rows and tables. A row is put back only where the copy's MAC is the one that stands here, or makes the table's sum right: it is
 * the same version, not an older one.
 */
export function createRowRepair(
  { store, protection }: Pick<Foundation, 'store' | 'protection'>,
  pause: () => Promise<void>,
) {
  const tableOf = ({ table }: Place) => store.seals.tables().find(({ name }) => name === table) ?? null

  /** By what is here alone. */
  async function derived(place: Place, here: Here): Promise<Plan | null> {
    const table = tableOf(place)
    if (!table) return null
    if (place.column === 'rows') {
      const sums = await here.sums(table)
      if (sums && isRight(sums)) return nothingToDo
      const plan = await tablePlan(table, here, null)
      return plan === 'older' ? null : plan
    }
    const key = keyOfPlace(here, table, place)
    const mac = here.sealOf(table, key)
    if (mac === null) return unsealed(table, key, here)
    // Written anew in the meantime.
    const row = here.row(table, key, mac)
    return row.is === 'good' && opens(protection, table, row.row) ? nothingToDo : null
  }

  async function unsealed(table: SealedTable, key: string, here: Here): Promise<Plan | null> {
    const found = here.unsealed(table).find((one) => one.key === key)
    if (!found) return nothingToDo
    const proven = here.trusted && (await provenSeals(here, protection, table))
    if (!proven) return null
    const mac = proven.get(key)
    const asItWas = macOf(protection, table, found.row)
    return {
      async write(trx) {
        const now = await readRow(trx, table, key)
        if (!now || macOf(protection, table, now) !== asItWas) throw new Error('written meanwhile')
        if (mac === undefined) return removeRow(trx, table, key)
        const insert = () => trx.insertInto('row_seals').values({ tbl: table.name, key, mac }).execute()
        await writing(trx, table, insert, { sums: false })
      },
    }
  }

  /** From a copy; `older` where neither this one nor one from before can have what is lost. */
  async function fromCopy(place: Place, here: Here, copy: StoredTables): Promise<Plan | 'older' | null> {
    const table = tableOf(place)
    if (!table) return 'older'
    if (place.column === 'rows') return tablePlan(table, here, copy)
    const key = keyOfPlace(here, table, place)
    const mac = here.sealOf(table, key)
    // Nobody can tell which version it was; the table's sum can, once all else is in order.
    if (mac === null) return null
    const found = copy.row(table, key, mac)
    if (found.is !== 'good') return found.is === 'older' ? 'older' : null
    return {
      async write(trx) {
        const seal = await trx
          .selectFrom('row_seals')
          .select('mac')
          .where('tbl', '=', table.name)
          .where('key', '=', key)
          .executeTakeFirst()
        if (seal?.mac !== mac) throw new Error('written meanwhile')
        await putRow(trx, table, key, found.row)
      },
    }
  }

  async function tablePlan(
    table: SealedTable,
    here: Here,
    copy: StoredTables | null,
  ): Promise<Plan | 'older' | null> {
    const sums = await here.sums(table)
    if (!sums || !here.trusted) return 'older'
    const changes = await changesThatMakeGood(protection, table, { here, sums, copy, pause })
    if (!changes) {
      const then = await copy?.sums(table)
      return then && isRight(then) ? 'older' : null
    }
    return {
      async write(trx) {
        const seal = await trx
          .selectFrom('table_seals')
          .select('seal')
          .where('name', '=', table.name)
          .executeTakeFirst()
        if (seal?.seal !== sums.seal) throw new Error('written meanwhile')
        for (const change of changes)
          await writing(trx, table, () => carryOut(trx, table, change), { sums: false })
      },
    }
  }

  async function carryOut(trx: Transaction<Schema>, table: SealedTable, { key, mac, row }: Change) {
    if (mac !== null && row) {
      await sql`insert into row_seals (tbl, key, mac) values (${table.name}, ${key}, ${mac})
        on conflict (tbl, key) do update set mac = excluded.mac`.execute(trx)
      return putRow(trx, table, key, row)
    }
    await removeRow(trx, table, key)
    await trx.deleteFrom('row_seals').where('tbl', '=', table.name).where('key', '=', key).execute()
  }

  return { tableOf, derived, fromCopy }
}

/** A damaged value is named by what it is bound to, which for most tables is the row's key. */
function keyOfPlace(here: StoredTables, table: SealedTable, { column, row }: Place): string {
  if (column === 'row') return row
  const rowOf = (columns as Record<string, { row?: (row: Record<string, unknown>) => string }>)[table.name]
    ?.row
  if (!rowOf) return row
  for (const one of here.all(table)) if (rowOf(one.row) === row) return one.key
  return row
}

async function readRow(trx: Transaction<Schema>, table: SealedTable, key: string): Promise<Row | undefined> {
  const { rows } = await sql<Row>`select ${sql.raw(valuesIn(table))} from ${sql.table(table.name)} r
    where ${sql.raw(keyOf(table, 'r'))} = ${key}`.execute(trx)
  return rows[0]
}
const valuesIn = ({ columns }: SealedTable) => columns.map((column) => `r."${column}"`).join(', ')

/** Writes the row as it was. Its seal, which is of just this content, stays. */
async function putRow(trx: Transaction<Schema>, table: SealedTable, key: string, row: Row): Promise<void> {
  const isThere = (await readRow(trx, table, key)) !== undefined
  await writing(trx, table, async () => {
    if (isThere) {
      const assignments = table.columns.map((column) => sql`${sql.ref(column)} = ${row[column] ?? null}`)
      await sql`update ${sql.table(table.name)} as r set ${sql.join(assignments)}
        where ${sql.raw(keyOf(table, 'r'))} = ${key}`.execute(trx)
      return
    }
    await sql`insert into ${sql.table(table.name)} (${sql.join(table.columns.map((column) => sql.ref(column)))})
      values (${sql.join(table.columns.map((column) => sql`${row[column] ?? null}`))})`.execute(trx)
  })
}

const removeRow = (trx: Transaction<Schema>, table: SealedTable, key: string) =>
  writing(trx, table, () =>
    sql`delete from ${sql.table(table.name)} as r where ${sql.raw(keyOf(table, 'r'))} = ${key}`.execute(trx),
  )
