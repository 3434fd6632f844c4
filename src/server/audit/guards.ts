import { sql } from 'kysely'
import type { Queries } from '../store/index.ts'

const guards = ['audit_no_update', 'audit_no_delete']

/** Whether the triggers that refuse to change or delete a row still stand, and still refuse. */
export async function isGuarded(queries: Queries): Promise<boolean> {
  const { rows } = await sql<{ name: string; sql: string }>`
    select name, sql from sqlite_master where type = 'trigger' and tbl_name = 'audit'`.execute(queries)
  return guards.every((guard) =>
    rows.some((row) => row.name === guard && /begin\s+select\s+raise\(abort/i.test(row.sql)),
  )
}
