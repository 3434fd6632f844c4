import type { Queries } from '../../store/index.ts'
import { masterFingerprint } from '../wrapping.ts'

/** What the database says of its master key: `wrapped` is not empty where a security module has wrapped it. */
export interface KnownMaster {
  generation: number
  fingerprint: string
  wrapped: string
}

export async function knownMaster(db: Queries): Promise<KnownMaster | null> {
  const row = await db
    .selectFrom('wrapped_keys')
    .select(['generation', 'fingerprint', 'wrapped'])
    .where('purpose', '=', 'master')
    .orderBy('generation', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { ...row, fingerprint: row.fingerprint ?? '' } : null
}

/** Writes which master key the database stands under from now on. Those before stay, retired. */
export async function noteMaster(
  db: Queries,
  { generation, key, wrapped, now }: { generation: number; key: Buffer; wrapped: string; now: number },
): Promise<void> {
  await db
    .updateTable('wrapped_keys')
    .set({ state: 'retired' })
    .where('purpose', '=', 'master')
    .where('generation', '<', generation)
    .where('state', '=', 'current')
    .execute()
  await db
    .insertInto('wrapped_keys')
    .values({
      purpose: 'master',
      generation,
      state: 'current',
      wrapped,
      fingerprint: masterFingerprint(key),
      created_at: now,
    })
    .onConflict((conflict) => conflict.columns(['purpose', 'generation']).doNothing())
    .execute()
}
