import { z } from 'zod'
import { Sensitivity } from '../../shared/access/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { createDamageReports } from '../integrity/index.ts'
import { patientIndex } from '../orders/index.ts'
import type { Place } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'

/** `id`: the patient's id, or the study's UID: by it a label holds for exactly what it was given to. */
const SealedLabel = z.object({
  sensitivity: Sensitivity,
  reason: z.string(),
  by: z.string(),
  id: z.string(),
})

type Kind = Schema['object_labels']['kind']
const place = (kind: Kind, index: string): Place => ({
  table: 'object_labels',
  column: 'sealed_label',
  row: `${kind}:${index}`,
})

/** The label that a patient bears by hand, by any of the ids that are theirs. */
export type PatientLabelOf = (patientId: string) => Sensitivity

/** Labels that people gave to patients and to reports. What is damaged is reported, and counts as the most restricted. */
export interface ObjectLabels {
  /** All patients' labels, ready to be asked for each exam. */
  patients(survivorOf: (patientId: string) => string): Promise<PatientLabelOf>
  /** Reports' labels by blind study index. */
  reports(): Promise<Map<string, Sensitivity>>
  give(
    label: { kind: Kind; index: string; id: string; sensitivity: Sensitivity; reason: string },
    actor: AuditEntry['actor'],
  ): Promise<void>
}

export function createObjectLabels(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock' | 'log'>,
): ObjectLabels {
  const { store, protection, audit, clock } = foundation
  const damage = createDamageReports(foundation)

  /** Null where it is damaged. */
  function readable(row: Schema['object_labels']): z.infer<typeof SealedLabel> | null {
    try {
      const at = place(row.kind, row.object_index)
      const label = SealedLabel.parse(JSON.parse(protection.open(at, row.sealed_label)))
      store.seals.check('object_labels', row)
      return label
    } catch {
      return null
    }
  }

  async function opened(row: Schema['object_labels']): Promise<z.infer<typeof SealedLabel> | null> {
    const label = readable(row)
    if (!label) await damage.report(place(row.kind, row.object_index))
    return label
  }
  const rowsOf = (kind: Kind) =>
    store.db.selectFrom('object_labels').selectAll().where('kind', '=', kind).execute()

  return {
    async patients(survivorOf) {
      const labels = new Map<string, Sensitivity>()
      const damaged = new Set<string>()
      for (const row of await rowsOf('patient')) {
        const label = await opened(row)
        if (label) labels.set(survivorOf(label.id), label.sensitivity)
        else damaged.add(row.object_index)
      }
      return (patientId) => {
        if (patientId === '') return 'general'
        const survivor = survivorOf(patientId)
        // Whose a damaged one is, only its index tells; it is made for nothing else.
        if (damaged.size > 0)
          for (const id of new Set([patientId, survivor]))
            if (damaged.has(patientIndex(protection, id))) return 'highly-sensitive'
        return labels.get(survivor) ?? 'general'
      }
    },

    async reports() {
      const labels = new Map<string, Sensitivity>()
      for (const row of await rowsOf('report'))
        labels.set(row.object_index, (await opened(row))?.sensitivity ?? 'highly-sensitive')
      return labels
    },

    async give({ kind, index, id, sensitivity, reason }, actor) {
      const sealed: z.infer<typeof SealedLabel> = { sensitivity, reason, by: actor.id, id }
      const row = {
        kind,
        object_index: index,
        sealed_label: protection.seal(place(kind, index), JSON.stringify(sealed)),
        changed_at: clock(),
      }
      await store.transaction(async (trx) => {
        const known = await trx
          .selectFrom('object_labels')
          .selectAll()
          .where('kind', '=', kind)
          .where('object_index', '=', index)
          .executeTakeFirst()
        // Anew as a whole: a row that was damaged would stay so, whatever is written into it.
        await trx
          .deleteFrom('object_labels')
          .where('kind', '=', kind)
          .where('object_index', '=', index)
          .execute()
        await trx.insertInto('object_labels').values(row).execute()
        await audit.append(trx, {
          action: `${kind}.labelled`,
          outcome: 'success',
          actor,
          object: { kind, id: index },
          about: [{ kind: kind === 'patient' ? 'patient' : 'study', id }],
          detail: {
            before: known ? (readable(known)?.sensitivity ?? null) : null,
            after: sensitivity,
            reason,
          },
        })
      })
    },
  }
}
