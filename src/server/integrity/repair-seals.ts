import type { Protection } from '../protection/index.ts'
import { type SealedTable, termOf } from '../store/index.ts'
import { macOf, type StoredTables } from './stored-tables.ts'
import { subsetOf } from './subset-sum.ts'

/**
 * Of rows that have no seal: those that the table's seal counts all the same (their own seals were taken away), with the seal that each
 * had; the others somebody put there. Null where the sum does not tell them apart.
 */
export async function provenSeals(
  here: StoredTables,
  protection: Protection,
  table: SealedTable,
): Promise<Map<string, string> | null> {
  const sums = await here.sums(table)
  if (!sums) return null
  const rows = here.unsealed(table).map(({ key, row }) => ({ key, mac: macOf(protection, table, row) }))
  const ours = subsetOf(
    rows.map(({ mac }) => termOf(protection, mac)),
    sums.lacking,
  )
  return ours && new Map(ours.flatMap((index) => (rows[index] ? [[rows[index].key, rows[index].mac]] : [])))
}
