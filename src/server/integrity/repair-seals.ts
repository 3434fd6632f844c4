import type { Transaction } from 'kysely'
import type { Protection } from '../protection/index.ts'
import {
  combined,
  emptySeal,
  openTableSeal,
  rowContent,
  type Schema,
  type SealedTable,
  type Store,
  termOf,
  type Value,
} from '../store/index.ts'
import { writing } from './writing.ts'

type Row = Record<string, Value>

/** What the rows' seals of a table lack, or have too much, of what its own seal says; null where that cannot be read. */
async function difference(
  db: Pick<Transaction<Schema>, 'selectFrom'>,
  protection: Protection,
  name: string,
): Promise<{ sum: Buffer; macs: Map<string, string> } | null> {
  const row = await db.selectFrom('table_seals').select('seal').where('name', '=', name).executeTakeFirst()
  if (!row) return null
  const seals = await db.selectFrom('row_seals').select(['key', 'mac']).where('tbl', '=', name).execute()
  try {
    let sum: Buffer = Buffer.from(openTableSeal(protection, name, row.seal).sum, 'hex')
    for (const { mac } of seals) sum = combined(sum, termOf(protection, mac))
    return { sum, macs: new Map(seals.map(({ key, mac }) => [key, mac])) }
  } catch {
    return null
  }
}

const nothing = Buffer.from(emptySeal.sum, 'hex')

/** Puts back the seal of a row that has none, where the table's seal proves that it had just this one. @returns whether it did. */
export async function restoreSeal(
  trx: Transaction<Schema>,
  protection: Protection,
  table: SealedTable,
  key: string,
  row: Row,
): Promise<boolean> {
  const lacking = await difference(trx, protection, table.name)
  if (!lacking) return false
  const mac = protection.rowMac(
    rowContent(table.name, table.columns)(table.columns.map((column) => row[column] ?? null)),
  )
  if (!termOf(protection, mac).equals(lacking.sum)) return false
  const insert = () => trx.insertInto('row_seals').values({ tbl: table.name, key, mac }).execute()
  await writing(trx, table, insert, { sums: false })
  return true
}

/**
 * Which rows of a copy make a table what its seal says it is: one that was taken away with its seal, or one in the place of which
 * an older version stands. `whole` where nothing is lacking, null where no single row of the copy does it.
 */
export async function rowsThatMakeGood(
  store: Store,
  protection: Protection,
  table: SealedTable,
  copy: { backupId: string; rows: { key: string; row: Row }[] } | null,
): Promise<
  'whole' | { backupId: string; rows: { key: string; mac: string; row: Row; there: boolean }[] } | null
> {
  const lacking = await difference(store.db, protection, table.name)
  if (!lacking) return null
  if (lacking.sum.equals(nothing)) return 'whole'
  if (!copy) return null
  const content = rowContent(table.name, table.columns)
  for (const { key, row } of copy.rows) {
    const here = lacking.macs.get(key)
    const mac = protection.rowMac(content(table.columns.map((column) => row[column] ?? null)), here)
    if (mac === here) continue
    const term = termOf(protection, mac)
    const change = here === undefined ? term : combined(term, termOf(protection, here))
    if (change.equals(lacking.sum))
      return { backupId: copy.backupId, rows: [{ key, mac, row, there: here !== undefined }] }
  }
  return null
}
