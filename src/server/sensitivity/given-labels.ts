import { z } from 'zod'
import { Sensitivity } from '../../shared/access/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { createDamageReports } from '../integrity/index.ts'
import { IntegrityError, type Place } from '../protection/index.ts'

const SealedLabel = z.object({ sensitivity: Sensitivity, reason: z.string(), by: z.string() })

const place = (row: string): Place => ({ table: 'study_labels', column: 'sealed_label', row })
/** How many studies one query names at most. */
const atOnce = 500

/** Labels that people gave to studies. */
export interface GivenLabels {
  /**
   * By blind study index; of these studies only, where they are named. A damaged label is reported, and counts as the most
   * restricted: whoever must see the study all the same breaks the glass.
   */
  read(studyIndexes?: readonly string[]): Promise<Map<string, Sensitivity>>
  /** Writes the label with its audit. */
  give(
    label: { studyIndex: string; sensitivity: Sensitivity; reason: string },
    actor: AuditEntry['actor'],
  ): Promise<void>
}

export function createGivenLabels(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock' | 'log'>,
): GivenLabels {
  const { store, protection, audit, clock } = foundation
  const damage = createDamageReports(foundation)

  async function opened(row: { study_index: string; sealed_label: string }): Promise<Sensitivity> {
    try {
      const sealed = protection.open(place(row.study_index), row.sealed_label)
      store.seals.check('study_labels', row)
      return SealedLabel.parse(JSON.parse(sealed)).sensitivity
    } catch (error) {
      await damage.report(error instanceof IntegrityError ? error.place : place(row.study_index))
      return 'highly-sensitive'
    }
  }

  async function labelsOf(of: readonly string[] | null): Promise<[string, Sensitivity][]> {
    let query = store.db.selectFrom('study_labels').select(['study_index', 'sealed_label'])
    if (of) query = query.where('study_index', 'in', of)
    const found: [string, Sensitivity][] = []
    for (const row of await query.execute()) found.push([row.study_index, await opened(row)])
    return found
  }

  return {
    async read(studyIndexes) {
      if (!studyIndexes) return new Map(await labelsOf(null))
      const found: [string, Sensitivity][] = []
      for (let start = 0; start < studyIndexes.length; start += atOnce)
        found.push(...(await labelsOf(studyIndexes.slice(start, start + atOnce))))
      return new Map(found)
    },

    async give({ studyIndex, sensitivity, reason }, actor) {
      const before = (await labelsOf([studyIndex]))[0]?.[1] ?? null
      const sealed: z.infer<typeof SealedLabel> = { sensitivity, reason, by: actor.id }
      const row = {
        study_index: studyIndex,
        sealed_label: protection.seal(place(studyIndex), JSON.stringify(sealed)),
        changed_at: clock(),
      }
      await store.transaction(async (trx) => {
        // Anew as a whole: a row that was damaged would stay so, whatever is written into it.
        await trx.deleteFrom('study_labels').where('study_index', '=', studyIndex).execute()
        await trx.insertInto('study_labels').values(row).execute()
        await audit.append(trx, {
          action: 'study.labelled',
          outcome: 'success',
          actor,
          object: { kind: 'study', id: studyIndex },
          detail: { before, after: sensitivity, reason },
        })
      })
    },
  }
}
