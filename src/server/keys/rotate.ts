import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import type { KeyPurpose } from '../protection/index.ts'
import type { Queries } from '../store/index.ts'
import { countBehind, resealValues } from './reseal-values.ts'

/**
 * What can have a new key. Not the blind indexes: values that are looked up by them would all have to be computed anew at one
 * moment, from values that only some of them are kept beside (decision 0039).
 */
export const rotatablePurposes = ['field', 'object', 'archive', 'backup', 'audit', 'row'] as const
export type RotatablePurpose = (typeof rotatablePurposes)[number] & KeyPurpose

/** Of the alarm of a gateway that cannot reach the master key that the database stands under now. */
export const masterSubject = 'master'

export interface RotationParts {
  actor: AuditEntry['actor']
  /** How long other processes may go on under the old generation: twice as often as they look (`watchKeys`). */
  graceMs?: number
  /** Between two transactions, so that a gateway beside it comes first. */
  pause?: () => Promise<void>
  progress?: (done: number, total: number) => void
  /** Makes all MACs of rows anew; gives how many. */
  resealRows?: () => Promise<number>
  /** Seals objects in the archive's folder anew that are not under this generation. */
  resealObjects?: (generation: number) => Promise<{ moved: number; damaged: number }>
}

/**
 * A new generation of a key, and everything moved to it that can be: in small transactions, beside a running gateway, and where it
 * was ended in between, by going on. What is never changed (records, signed versions, backups) stays under the generation that it
 * was made with, which is kept for reading.
 */
export async function rotateKey(
  foundation: Pick<Foundation, 'store' | 'protection' | 'keyring' | 'audit' | 'clock'>,
  purpose: RotatablePurpose,
  parts: RotationParts,
): Promise<{ generation: number; moved: number; damaged: number }> {
  const { store, keyring, audit, clock } = foundation
  const { actor, graceMs = 5000, pause = async () => {}, progress = () => {} } = parts
  const wait = () => new Promise((resolve) => setTimeout(resolve, graceMs))
  await refuseBehind()
  await keyring.refresh()
  const generation = await begin()
  await keyring.refresh()
  let moved = 0
  let damaged = 0
  const total = purpose === 'field' ? await countBehind(store.db, generation) : 0
  await store.db
    .updateTable('key_rotations')
    .set((eb) => ({ total: eb('done', '+', total), moved_at: clock() }))
    .where('purpose', '=', purpose)
    .where('generation', '=', generation)
    .execute()
  const note = async (trx: Queries, rows: number) => {
    moved += rows
    await trx
      .updateTable('key_rotations')
      .set((eb) => ({ done: eb('done', '+', rows), moved_at: clock() }))
      .where('purpose', '=', purpose)
      .where('generation', '=', generation)
      .execute()
    progress(moved, total)
  }
  // Once more after the grace: until then another process may have written under the generation before.
  for (const isLast of [false, true]) {
    if (isLast && purpose !== 'backup' && purpose !== 'archive') await wait()
    if (purpose === 'field') ({ damaged } = await resealValues(foundation, generation, note, pause))
    else if (purpose === 'row') moved = (await parts.resealRows?.()) ?? 0
    else if (purpose === 'object') {
      const result = await parts.resealObjects?.(generation)
      damaged = result?.damaged ?? 0
      await note(store.db, result?.moved ?? 0)
    }
  }
  await finish()
  return { generation, moved, damaged }

  /** A gateway that has not the master key of now could open nothing that is sealed under what is made now. */
  async function refuseBehind(): Promise<void> {
    const master = await store.db
      .selectFrom('wrapped_keys')
      .select('created_at')
      .where('purpose', '=', 'master')
      .orderBy('generation', 'desc')
      .limit(1)
      .executeTakeFirst()
    // Time for it to notice, and to say so.
    if (master && clock() - master.created_at < graceMs) await wait()
    const behind = await store.db
      .selectFrom('alarms')
      .select('id')
      .where('kind', '=', 'key-rotation-stalled')
      .where('subject', '=', masterSubject)
      .where('cleared_at', 'is', null)
      .executeTakeFirst()
    if (behind) throw new Error('the gateway that runs has not the new master key: start it again first')
  }

  /** The rotation that was not finished, or a new one. */
  async function begin(): Promise<number> {
    return store.transaction(async (trx) => {
      const open = await trx
        .selectFrom('key_rotations')
        .select('generation')
        .where('purpose', '=', purpose)
        .where('finished_at', 'is', null)
        .executeTakeFirst()
      if (open) return open.generation
      const next = keyring.next(purpose)
      const now = clock()
      await trx
        .updateTable('wrapped_keys')
        .set({ state: 'retiring' })
        .where('purpose', '=', purpose)
        .where('state', '=', 'current')
        .execute()
      await trx
        .insertInto('wrapped_keys')
        .values({ ...next, created_at: now })
        .execute()
      await trx
        .insertInto('key_rotations')
        .values({
          purpose,
          generation: next.generation,
          started_at: now,
          moved_at: now,
          done: 0,
          total: 0,
          damaged: 0,
        })
        .execute()
      await audit.append(trx, entry('key.rotation-begun', next.generation))
      return next.generation
    })
  }

  async function finish(): Promise<void> {
    await store.transaction(async (trx) => {
      await trx
        .updateTable('wrapped_keys')
        .set({ state: 'retired' })
        .where('purpose', '=', purpose)
        .where('state', '=', 'retiring')
        .execute()
      await trx
        .updateTable('key_rotations')
        .set({ finished_at: clock(), damaged })
        .where('purpose', '=', purpose)
        .where('generation', '=', generation)
        .execute()
      await audit.append(trx, entry('key.rotated', generation, { moved, damaged }))
    })
  }

  function entry(action: string, to: number, detail: Record<string, unknown> = {}): AuditEntry {
    return {
      action,
      outcome: 'success',
      actor,
      object: { kind: 'key', id: `${purpose}/${to}` },
      detail: { purpose, generation: to, ...detail },
    }
  }
}
