import { z } from 'zod'
import { type AuditRow, AuditSubjectKind } from '../../shared/audit/index.ts'
import type { DamageReports } from '../integrity/index.ts'
import { IntegrityError, type Protection } from '../protection/index.ts'
import type { Schema, Store } from '../store/index.ts'
import { detailPlace } from './chain.ts'

const Sealed = z.object({
  actor: z.object({
    kind: z.string(),
    id: z.string(),
    workstationId: z.string().optional(),
    sessionId: z.string().optional(),
    address: z.string().optional(),
  }),
  object: z.object({ kind: z.string(), id: z.string() }).optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
  about: z.array(z.object({ kind: AuditSubjectKind, id: z.string() })).optional(),
})

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
      opened.push(one ?? unreadableRecord(row))
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
function openedRecord(protection: Protection, row: StoredRow): AuditRow | null {
  let sealed: string
  try {
    sealed = protection.open(detailPlace(row.seq), row.sealed_detail)
  } catch (error) {
    if (error instanceof IntegrityError) return null
    throw error
  }
  const { actor, object, detail, about } = Sealed.parse(JSON.parse(sealed))
  const workstation = actor.kind === 'workstation' ? actor.id : actor.workstationId
  return {
    seq: row.seq,
    at: row.at,
    action: row.action,
    outcome: row.outcome,
    actor: `${actor.kind}:${actor.id}`,
    ...(workstation ? { workstation } : {}),
    ...(actor.address ? { address: actor.address } : {}),
    ...(actor.sessionId ? { session: actor.sessionId } : {}),
    object: object ? `${object.kind}:${object.id}` : '',
    ...(about ? { about } : {}),
    detail: detail ?? {},
  }
}

function unreadableRecord({ seq, at, action, outcome }: StoredRow): AuditRow {
  return { seq, at, action, outcome, actor: '', object: '', detail: { unreadable: true } }
}
