import type { Schema, Store } from '../store/index.ts'

export type WorklistChange = Pick<Schema['worklist_changes'], 'source' | 'key'>

/** How many changes are kept for gateways that have not read them; one that is further behind reads everything anew. */
const kept = 100_000
/** How many changes pass between two clearings. */
const clearEvery = 5000

/** What changed since the last look, from the notes that the tables' triggers make (migration 0004). */
export interface ChangeReader {
  /** From here on. */
  begin(): Promise<void>
  /** Null where notes that were not read are gone: everything may have changed. */
  next(): Promise<WorklistChange[] | null>
}

export function createChangeReader({ db }: Pick<Store, 'db'>): ChangeReader {
  let last = 0

  async function bounds(): Promise<{ first: number | null; newest: number | null }> {
    return db
      .selectFrom('worklist_changes')
      .select((eb) => [
        eb.fn.min<number | null>('seq').as('first'),
        eb.fn.max<number | null>('seq').as('newest'),
      ])
      .executeTakeFirstOrThrow()
  }

  return {
    async begin() {
      last = (await bounds()).newest ?? 0
    },
    async next() {
      const { first, newest } = await bounds()
      if (newest === null || newest <= last) return []
      if (first !== null && first > last + 1) return null
      const found = await db
        .selectFrom('worklist_changes')
        .select(['source', 'key'])
        .where('seq', '>', last)
        .where('seq', '<=', newest)
        .orderBy('seq')
        .execute()
      const crossed = Math.floor(newest / clearEvery) > Math.floor(last / clearEvery)
      last = newest
      if (crossed)
        await db
          .deleteFrom('worklist_changes')
          .where('seq', '<=', newest - kept)
          .execute()
      return found
    },
  }
}
