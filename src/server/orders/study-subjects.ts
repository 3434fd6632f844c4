import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { studyIndex } from '../protection/index.ts'

/** The patients and orders of a study, for the audit's look-up: their blind indexes, from one query. Without orders none. */
export function createStudySubjects({ store, protection }: Pick<Foundation, 'store' | 'protection'>) {
  return async (studyInstanceUid: string): Promise<NonNullable<AuditEntry['about']>> => {
    const rows = await store.db
      .selectFrom('orders')
      .select(['patient_index', 'accession_index'])
      .where('study_index', '=', studyIndex(protection, studyInstanceUid))
      .limit(10)
      .execute()
    const patients = [...new Set(rows.map(({ patient_index }) => patient_index))]
    const orders = [...new Set(rows.map(({ accession_index }) => accession_index))]
    return [
      ...patients.map((id) => ({ kind: 'patient' as const, id })),
      ...orders.map((id) => ({ kind: 'order' as const, id })),
    ]
  }
}
