import { sql, type Transaction } from 'kysely'
import type { Schema, SealedTable } from '../store/index.ts'

/**
 * Runs `work` on a table that refuses to be changed (one whose rows are written once), and, where `sums` is false, without the
 * table's seal following: for repairs alone. Within the transaction, so that nobody else ever sees the table without its guards.
 */
export async function writing(
  trx: Transaction<Schema>,
  { name }: SealedTable,
  work: () => Promise<unknown>,
  { sums = true }: { sums?: boolean } = {},
): Promise<void> {
  const { rows } = await sql<{ name: string; sql: string }>`
    select name, sql from sqlite_schema where type = 'trigger' and (
      (tbl_name = ${name} and name like ${`${name}\\_no\\_%`} escape '\\')
      or (tbl_name = 'row_seals' and ${sums ? 0 : 1}))`.execute(trx)
  for (const trigger of rows) await sql`drop trigger ${sql.ref(trigger.name)}`.execute(trx)
  await work()
  for (const trigger of rows) await sql.raw(trigger.sql).execute(trx)
}
