import { sql } from 'kysely'
import { VigilError } from '../../shared/errors/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { adoptTable } from './row-seals.ts'
import { writing } from './writing.ts'

/**
 * Seals a table as it stands: the last resort where no copy restores it and somebody has looked at what is in it. Audited with
 * their reason, and with how many rows were not as they had been sealed.
 * @returns how many rows it has. @throws VigilError `not-found` where there is no such table.
 */
export async function acceptTable(
  { store, protection, audit, alarms, clock }: Foundation,
  { table: name, reason, by }: { table: string; reason: string; by: AuditEntry['actor'] },
): Promise<number> {
  const table = store.seals.tables().find((one) => one.name === name)
  if (!table) throw new VigilError('not-found', { field: 'table' })
  const rows = await store.transaction(async (trx) => {
    await writing(trx, table, () => sql`delete from row_seals where tbl = ${name}`.execute(trx), {
      sums: false,
    })
    const rows = await adoptTable(trx, protection, table, store.seals.tables())
    await trx
      .updateTable('damage')
      .set({ state: 'restored', source: 'accepted', restored_at: clock() })
      .where('place_table', 'in', [name, 'table_seals'])
      .where('state', '=', 'isolated')
      .execute()
    await audit.append(trx, {
      action: 'integrity.accepted',
      outcome: 'success',
      actor: by,
      object: { kind: 'table', id: name },
      detail: { reason, rows },
    })
    return rows
  })
  for (const subject of [name, 'table_seals']) await alarms.clear('data-damaged', subject)
  return rows
}
