import { sql, type Transaction } from 'kysely'
import { VigilError } from '../../shared/errors/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Schema, SealedTable } from '../store/index.ts'
import { journalPlace } from './damage-reports.ts'
import { adoptTable } from './row-seals.ts'
import { writing } from './writing.ts'

/**
 * Seals a table as it stands: the last resort where no copy restores it and somebody has looked at what is in it. Audited with
 * their reason. `database`: that the write-ahead log was found damaged.
 * @returns how many rows it has. @throws VigilError `not-found` where there is no such table.
 */
export async function acceptTable(
  { store, protection, audit, alarms, clock }: Foundation,
  { table: name, reason, by }: { table: string; reason: string; by: AuditEntry['actor'] },
): Promise<number> {
  const table = store.seals.tables().find((one) => one.name === name)
  if (!table && name !== journalPlace.table) throw new VigilError('not-found', { field: 'table' })
  const rows = await store.transaction(async (trx) => {
    const rows = table ? await sealAnew(trx, table) : 0
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

  async function sealAnew(trx: Transaction<Schema>, sealed: SealedTable): Promise<number> {
    const removed = () => sql`delete from row_seals where tbl = ${sealed.name}`.execute(trx)
    await writing(trx, sealed, removed, { sums: false })
    return adoptTable(trx, protection, sealed, store.seals.tables())
  }
}
