import type { AuditRow } from '../../shared/audit/index.ts'
import type { DamageReports } from '../integrity/index.ts'
import { IntegrityError, type Protection } from '../protection/index.ts'
import type { Schema, Store } from '../store/index.ts'
import { detailPlace } from './chain.ts'
import { auditRow, unreadableRow } from './row.ts'

type StoredRow = Pick<Schema['audit'], 'seq' | 'at' | 'action' | 'outcome' | 'sealed_detail'>

/** Records, opened, for who looks back at them. */
export interface AuditRecords {
  /** Those of these numbers that there are, in the order asked for. A damaged one is shown as such, and reported. */
  read(seqs: readonly number[]): Promise<AuditRow[]>
  /** The next after this number up to and with `through`, oldest first. */
  after(seq: number, through: number, limit: number): Promise<AuditRow[]>
}

export function createAuditRecords(
  { store, protection }: { store: Store; protection: Protection },
  { damage }: { damage: Pick<DamageReports, 'report'> },
): AuditRecords {
  const columns = ['seq', 'at', 'action', 'outcome', 'sealed_detail'] as const

  async function shown(rows: readonly StoredRow[]): Promise<AuditRow[]> {
    const opened: AuditRow[] = []
    for (const row of rows) {
      const one = openedRecord(protection, row)
      if (!one) await damage.report(detailPlace(row.seq))
      opened.push(one ?? unreadableRow(row))
    }
    return opened
  }

  return {
    async read(seqs) {
      const rows: StoredRow[] = []
      for (let start = 0; start < seqs.length; start += 500) {
        const part = seqs.slice(start, start + 500)
        rows.push(...(await store.db.selectFrom('audit').select(columns).where('seq', 'in', part).execute()))
      }
      const byNumber = new Map(rows.map((row) => [row.seq, row]))
      return shown(seqs.flatMap((seq) => byNumber.get(seq) ?? []))
    },
    async after(seq, through, limit) {
      return shown(
        await store.db
          .selectFrom('audit')
          .select(columns)
          .where('seq', '>', seq)
          .where('seq', '<=', through)
          .orderBy('seq')
          .limit(limit)
          .execute(),
      )
    },
  }
}

/** Null where the detail was changed. */
export function openedRecord(protection: Protection, row: StoredRow): AuditRow | null {
  try {
    return auditRow(protection, row)
  } catch (error) {
    if (error instanceof IntegrityError) return null
    throw error
  }
}

/** The record, or where its detail was changed what can still be said of it. */
export function shownRecord(protection: Protection, row: StoredRow): AuditRow {
  return openedRecord(protection, row) ?? unreadableRow(row)
}
