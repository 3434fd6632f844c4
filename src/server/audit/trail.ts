import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import { type AuditRow, recordsPerPage } from '../../shared/api/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import { IntegrityError, type Protection } from '../protection/index.ts'
import type { Schema, Store } from '../store/index.ts'
import { detailPlace, firstHash, hashRow } from './chain.ts'
import { type Head, isWhole, readHead, writeHead } from './head.ts'
import type { AuditEntry, AuditTrail } from './index.ts'
import { indexesOf, writeSubjects } from './subjects.ts'
import { verifyChain } from './verify.ts'

const SealedDetail = z.object({
  actor: z.object({
    kind: z.string(),
    id: z.string(),
    workstationId: z.string().optional(),
    sessionId: z.string().optional(),
    address: z.string().optional(),
  }),
  object: z.object({ kind: z.string(), id: z.string() }).optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
})

/** The audit trail over the `audit` table. */
export function createAuditTrail(deps: { store: Store; protection: Protection; clock: Clock }): AuditTrail {
  const { store, protection, clock } = deps
  /** Rows whose damage was told already. */
  const damaged = new Set<number>()

  /**
   * Follows the last row, and only where the sealed head still names that row. Where it does not, rows were cut off: one
   * number is left out, which no later row can make good, so that the next append does not hide what was done.
   */
  async function append(trx: Transaction<Schema>, entry: AuditEntry): Promise<void> {
    const last = await trx
      .selectFrom('audit')
      .select(['seq', 'hash'])
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    const head = await readHead(trx, protection)
    if (isWhole(head, last)) return void (await write(trx, (last?.seq ?? 0) + 1, last?.hash, entry))
    const lost = Math.max(last?.seq ?? 0, typeof head === 'string' ? 0 : head.seq)
    const scar = await write(trx, lost + 2, last?.hash, {
      action: 'integrity.failed',
      outcome: 'failed',
      actor: { kind: 'gateway', id: 'gateway' },
      object: { kind: 'audit', id: String(last?.seq ?? 0) },
      detail: { what: head === 'unreadable' ? 'head-changed' : 'truncated' },
    })
    await write(trx, scar.seq + 1, scar.hash, entry)
  }

  async function write(
    trx: Transaction<Schema>,
    seq: number,
    previous: string | undefined,
    { action, outcome, ...rest }: AuditEntry,
  ): Promise<Head> {
    const row = {
      seq,
      at: clock(),
      action,
      outcome,
      sealed_detail: protection.seal(detailPlace(seq), JSON.stringify(rest)),
      previous_hash: previous ?? firstHash,
    }
    const hash = hashRow(protection, row)
    await trx
      .insertInto('audit')
      .values({ ...row, hash })
      .execute()
    await writeSubjects(trx, seq, indexesOf(protection, rest))
    await writeHead(trx, protection, { seq, hash })
    return { seq, hash }
  }

  async function tail(before?: number, actions?: readonly string[]): Promise<AuditRow[]> {
    let query = store.db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(recordsPerPage)
    if (before !== undefined) query = query.where('seq', '<', before)
    if (actions !== undefined) query = query.where('action', 'in', actions)
    const rows = await query.execute()
    const shown = rows.map(shownRow)
    for (const [index, row] of rows.entries()) {
      if (shown[index] || damaged.has(row.seq)) continue
      damaged.add(row.seq)
      await store.transaction((trx) => append(trx, damageOf(row.seq)))
    }
    return rows.map((row, index) => shown[index] ?? unreadable(row))
  }

  /** Null where the detail was changed; the rest of the page is shown all the same. */
  function shownRow(row: Selectable<Schema['audit']>): AuditRow | null {
    let sealed: string
    try {
      sealed = protection.open(detailPlace(row.seq), row.sealed_detail)
    } catch (error) {
      if (error instanceof IntegrityError) return null
      throw error
    }
    const { actor, object, detail } = SealedDetail.parse(JSON.parse(sealed))
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
      detail: detail ?? {},
    }
  }

  return {
    append,
    record: (entry) => store.transaction((trx) => append(trx, entry)),
    verify: () => verifyChain(store.db, protection),
    tail,
  }
}

function unreadable({ seq, at, action, outcome }: Selectable<Schema['audit']>): AuditRow {
  return { seq, at, action, outcome, actor: '', object: '', detail: { unreadable: true } }
}

const damageOf = (seq: number): AuditEntry => ({
  action: 'integrity.failed',
  outcome: 'failed',
  actor: { kind: 'gateway', id: 'gateway' },
  object: { kind: 'audit', id: String(seq) },
  detail: { column: 'sealed_detail', what: 'unreadable' },
})
