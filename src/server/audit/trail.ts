import { AsyncLocalStorage } from 'node:async_hooks'
import type { Transaction } from 'kysely'
import { type AuditRow, recordsPerPage } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { Protection } from '../protection/index.ts'
import { type Schema, type Store, sealsVersion } from '../store/index.ts'
import { detailPlace, firstHash, hashRow } from './chain.ts'
import { type Head, isWhole, readHead, writeHead } from './head.ts'
import type { AuditEntry, AuditTrail, ShippedRecord } from './index.ts'
import { openedRecord } from './records.ts'
import { unreadableRow } from './row.ts'
import { indexesOf, writeSubjects } from './subjects.ts'
import { verifyChain } from './verify.ts'

const outcomes = ['success', 'refused', 'failed'] as const

/** The audit trail over the `audit` table. */
export function createAuditTrail(deps: { store: Store; protection: Protection; clock: Clock }): AuditTrail {
  const { store, protection, clock } = deps
  /** Rows whose damage was told already. */
  const damaged = new Set<number>()
  /** What each work that is going on has recorded. */
  const works = new AsyncLocalStorage<{ refusals: number }>()

  /**
   * Follows the last row, and only where the sealed head still names that row. Where it does not, rows were cut off: one
   * number is left out, which no later row can make good, so that the next append does not hide what was done.
   * @throws VigilError `audit-unavailable` for whatever keeps it from being written: what was to be recorded is not done then
   */
  async function append(trx: Transaction<Schema>, entry: AuditEntry): Promise<void> {
    try {
      await follow(trx, entry)
    } catch (cause) {
      throw new VigilError('audit-unavailable', {}, { cause })
    }
  }

  async function follow(trx: Transaction<Schema>, entry: AuditEntry): Promise<void> {
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
      // How far the tables' seals were: tables that are put back to an earlier state are behind it.
      sealed_detail: protection.seal(
        detailPlace(seq),
        JSON.stringify({ ...rest, seals: await sealsVersion(trx, protection) }),
      ),
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
    if (actions !== undefined) query = query.where('seq', 'in', await latest(actions, before))
    else if (before !== undefined) query = query.where('seq', '<', before)
    const rows = await query.execute()
    const shown = rows.map((row) => openedRecord(protection, row))
    for (const [index, row] of rows.entries()) {
      if (shown[index] || damaged.has(row.seq)) continue
      damaged.add(row.seq)
      await store.transaction((trx) => append(trx, damageOf(row.seq)))
    }
    return rows.map((row, index) => shown[index] ?? unreadableRow(row))
  }

  /** Numbers among which the latest of these actions are: each action and outcome along the one index there is of them. */
  async function latest(actions: readonly string[], before?: number): Promise<number[]> {
    const seqs: number[] = []
    for (const action of actions)
      for (const outcome of outcomes) {
        let query = store.db.selectFrom('audit').select('seq').where('action', '=', action)
        if (before !== undefined) query = query.where('seq', '<', before)
        const rows = await query
          .where('outcome', '=', outcome)
          .orderBy('seq', 'desc')
          .limit(recordsPerPage)
          .execute()
        seqs.push(...rows.map(({ seq }) => seq))
      }
    return seqs.sort((a, b) => b - a).slice(0, recordsPerPage)
  }

  /** In the order of their numbers, whatever happened to them: who ships records leaves none out. */
  async function after(seq: number, limit: number): Promise<ShippedRecord[]> {
    const rows = await store.db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(limit)
      .execute()
    return rows.map((stored) => {
      const row = openedRecord(protection, stored) ?? unreadableRow(stored)
      return { row, hash: stored.hash, about: row.about ?? [] }
    })
  }

  return {
    append,
    async record(entry) {
      await store.transaction((trx) => append(trx, entry))
      const work = works.getStore()
      if (work && entry.outcome !== 'success') work.refusals += 1
    },
    during: (work) => works.run({ refusals: 0 }, work),
    isRefusalRecorded: () => (works.getStore()?.refusals ?? 0) > 0,
    verify: (onRows) => verifyChain(store.db, protection, onRows),
    after,
    tail,
  }
}

const damageOf = (seq: number): AuditEntry => ({
  action: 'integrity.failed',
  outcome: 'failed',
  actor: { kind: 'gateway', id: 'gateway' },
  object: { kind: 'audit', id: String(seq) },
  detail: { column: 'sealed_detail', what: 'unreadable' },
})
