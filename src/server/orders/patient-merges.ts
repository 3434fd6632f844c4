import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { Foundation } from '../foundation.ts'
import { createDamageReports } from '../integrity/index.ts'
import { IntegrityError, type Place, patientIndex } from '../protection/index.ts'
import type { Queries, Schema } from '../store/index.ts'

/** True where two patient ids are one person's: the same, or merged by the hospital. */
export type SamePatient = (a: string, b: string) => boolean

/** Which patient ids became part of which (ADT^A40). Merges form chains; the last id of a chain is the person's. */
export interface PatientMerges {
  /** The id that the person is known by now. @throws IntegrityError */
  survivor(queries: Queries, patientId: string): Promise<string>
  /** Records a merge of two ids that are their persons' present ones. */
  add(trx: Transaction<Schema>, merge: { merged: string; surviving: string }): Promise<void>
  /** By all merges there are. A damaged one joins nobody, and is reported. */
  samePatient(): Promise<SamePatient>
  /** The id that each person is known by now, by the same merges. */
  survivorOf(): Promise<(patientId: string) => string>
  /** All blind indexes of the person whose index this is, that one among them. */
  indexesOf(index: string): Promise<string[]>
}

const Merge = z.object({ merged: z.string(), surviving: z.string() })
const place = (row: string): Place => ({ table: 'patient_merges', column: 'sealed_merge', row })

export function createPatientMerges(
  foundation: Pick<Foundation, 'store' | 'protection' | 'clock' | 'audit' | 'log'>,
): PatientMerges {
  const { store, protection, clock } = foundation
  const damage = createDamageReports(foundation)
  const indexOf = (patientId: string) => patientIndex(protection, patientId)
  /** Opened merges by row, each good only for exactly the ciphertext it came from. */
  let known = new Map<string, { sealed: string; merge: z.infer<typeof Merge> }>()

  function opened(row: Schema['patient_merges']): z.infer<typeof Merge> {
    const before = known.get(row.merged_index)
    if (before?.sealed === row.sealed_merge) return before.merge
    const at = place(row.merged_index)
    const merge = Merge.parse(JSON.parse(protection.open(at, row.sealed_merge)))
    const holds =
      indexOf(merge.merged) === row.merged_index && indexOf(merge.surviving) === row.surviving_index
    if (!holds) throw new IntegrityError(at)
    return merge
  }

  /** False, and reported, where it is damaged. */
  async function whole(row: Schema['patient_merges']): Promise<boolean> {
    try {
      opened(row)
      return true
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error
      await damage.report(error.place)
      return false
    }
  }

  async function survivor(queries: Queries, patientId: string): Promise<string> {
    let current = patientId
    // A cycle cannot be recorded; one that was made otherwise must not hold the gateway up.
    for (const seen = new Set<string>(); !seen.has(current); ) {
      seen.add(current)
      const row = await queries
        .selectFrom('patient_merges')
        .selectAll()
        .where('merged_index', '=', indexOf(current))
        .executeTakeFirst()
      if (!row) return current
      current = opened(row).surviving
    }
    throw new IntegrityError(place(indexOf(current)))
  }

  async function survivorOf(): Promise<(patientId: string) => string> {
    const rows = await store.db.selectFrom('patient_merges').selectAll().execute()
    const fresh: typeof known = new Map()
    const next = new Map<string, string>()
    for (const row of rows) {
      try {
        const merge = opened(row)
        fresh.set(row.merged_index, { sealed: row.sealed_merge, merge })
        next.set(merge.merged, merge.surviving)
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error
        await damage.report(error.place)
      }
    }
    known = fresh
    return (patientId) => {
      let current = patientId
      for (let steps = 0; steps <= next.size; steps++) {
        const following = next.get(current)
        if (following === undefined) break
        current = following
      }
      return current
    }
  }

  return {
    survivor,
    async add(trx, merge) {
      const index = indexOf(merge.merged)
      await trx
        .insertInto('patient_merges')
        .values({
          merged_index: index,
          surviving_index: indexOf(merge.surviving),
          sealed_merge: protection.seal(place(index), JSON.stringify(merge)),
          merged_at: clock(),
        })
        .execute()
    },
    async samePatient() {
      const last = await survivorOf()
      return (a, b) => a === b || last(a) === last(b)
    },
    survivorOf,
    async indexesOf(index) {
      const rows: Schema['patient_merges'][] = []
      for (const row of await store.db.selectFrom('patient_merges').selectAll().execute()) {
        if (await whole(row)) rows.push(row)
      }
      const found = new Set([index])
      // Merges are few and a person's fewer: as many rounds as the longest chain.
      for (let size = 0; size < found.size; ) {
        size = found.size
        for (const row of rows) {
          if (found.has(row.merged_index)) found.add(row.surviving_index)
          else if (found.has(row.surviving_index)) found.add(row.merged_index)
        }
      }
      return [...found]
    },
  }
}
