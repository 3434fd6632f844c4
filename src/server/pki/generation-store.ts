import type { Transaction } from 'kysely'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Queries, Schema } from '../store/index.ts'
import { Generations, initialGenerations } from './generations.ts'

/** What is in force, and its number; 0 where nothing was ever rotated. */
export interface GenerationsVersion {
  version: number
  generations: Generations
}

type Parts = Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock'>

/** @throws IntegrityError where the newest version was damaged: a gateway that does not know its CAs does not start. */
export async function readGenerations(
  db: Queries,
  protection: Parts['protection'],
): Promise<GenerationsVersion> {
  const row = await db
    .selectFrom('pki_generations')
    .selectAll()
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return { version: 0, generations: initialGenerations }
  const text = protection.open(placeOf(row.version), row.sealed_generations)
  return { version: row.version, generations: Generations.parse(JSON.parse(text)) }
}

/** Its number alone: what is asked every second. */
export async function generationsVersion(db: Queries): Promise<number> {
  const row = await db
    .selectFrom('pki_generations')
    .select('version')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.version ?? 0
}

/**
 * One step of a rotation: `step` makes the files it needs and says what is in use then; that and its audit row are
 * written together. Files of a step that failed are left, and their numbers not used again.
 */
export async function changeGenerations(
  { store, protection, audit, clock }: Parts,
  step: (
    now: Generations,
    trx: Transaction<Schema>,
  ) => Promise<{ generations: Generations; entry: AuditEntry }>,
): Promise<Generations> {
  return store.transaction(async (trx) => {
    const before = await readGenerations(trx, protection)
    const { generations, entry } = await step(before.generations, trx)
    const version = before.version + 1
    const sealed = protection.seal(placeOf(version), JSON.stringify(generations))
    await trx
      .insertInto('pki_generations')
      .values({ version, sealed_generations: sealed, changed_at: clock() })
      .execute()
    await audit.append(trx, entry)
    return generations
  })
}

function placeOf(version: number) {
  return { table: 'pki_generations', column: 'sealed_generations', row: String(version) }
}
