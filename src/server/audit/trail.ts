import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { AuditRow } from '../../shared/api/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { Protection } from '../protection/index.ts'
import type { Schema, Store } from '../store/index.ts'
import { detailPlace, firstHash, hashRow, headPlace, headSetting } from './chain.ts'
import type { AuditEntry, AuditTrail } from './index.ts'
import { verifyChain } from './verify.ts'

const tailLength = 200

const SealedDetail = z.object({
  actor: z.object({
    kind: z.string(),
    id: z.string(),
    workstationId: z.string().optional(),
    address: z.string().optional(),
  }),
  object: z.object({ kind: z.string(), id: z.string() }).optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
})

/** The audit trail over the `audit` table. */
export function createAuditTrail(deps: { store: Store; protection: Protection; clock: Clock }): AuditTrail {
  const { store, protection, clock } = deps

  async function append(trx: Transaction<Schema>, entry: AuditEntry): Promise<void> {
    const last = await trx
      .selectFrom('audit')
      .select(['seq', 'hash'])
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    const seq = (last?.seq ?? 0) + 1
    const { action, outcome, ...rest } = entry
    const row = {
      seq,
      at: clock(),
      action,
      outcome,
      sealed_detail: protection.seal(detailPlace(seq), JSON.stringify(rest)),
      previous_hash: last?.hash ?? firstHash,
    }
    const hash = hashRow(protection, row)
    await trx
      .insertInto('audit')
      .values({ ...row, hash })
      .execute()
    // The head, sealed, tells on later look that rows were cut off the end.
    const value = protection.seal(headPlace, JSON.stringify({ seq, hash }))
    await trx
      .insertInto('settings')
      .values({ name: headSetting, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
  }

  async function tail(before?: number): Promise<AuditRow[]> {
    let query = store.db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(tailLength)
    if (before !== undefined) query = query.where('seq', '<', before)
    const rows = await query.execute()
    return rows.map((row) => {
      const { actor, object, detail } = SealedDetail.parse(
        JSON.parse(protection.open(detailPlace(row.seq), row.sealed_detail)),
      )
      const workstation = actor.kind === 'workstation' ? actor.id : actor.workstationId
      return {
        seq: row.seq,
        at: row.at,
        action: row.action,
        outcome: row.outcome,
        actor: `${actor.kind}:${actor.id}`,
        ...(workstation ? { workstation } : {}),
        ...(actor.address ? { address: actor.address } : {}),
        object: object ? `${object.kind}:${object.id}` : '',
        detail: detail ?? {},
      }
    })
  }

  return {
    append,
    record: (entry) => store.transaction((trx) => append(trx, entry)),
    verify: () => verifyChain(store.db, protection),
    tail,
  }
}
