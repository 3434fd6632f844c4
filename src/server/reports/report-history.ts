import { ReportDocument, type ReportStep } from '../../shared/report/index.ts'
import type { Foundation } from '../foundation.ts'
import { IntegrityError, type Place } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'
import { readSteps } from './steps.ts'
import { documentPlace, provenVersion } from './versions.ts'

export interface ReportHistory {
  studyIndex: string
  /** Oldest first. `intact`: ciphertext, hash, link to the version before, columns and signature all hold. */
  versions: { document: ReportDocument; signedAt: number; intact: boolean }[]
  steps: ReportStep[]
  damaged: Place[]
}

/** A report as the store has it, each version judged by itself, so that one that was changed hides no other; null where there is none. */
export async function reportHistory(
  { store, protection }: Pick<Foundation, 'store' | 'protection'>,
  reportId: string,
): Promise<ReportHistory | null> {
  const report = await store.db
    .selectFrom('reports')
    .select('study_index')
    .where('id', '=', reportId)
    .executeTakeFirst()
  if (!report) return null
  const rows = await store.db
    .selectFrom('report_versions')
    .selectAll()
    .where('report_id', '=', reportId)
    .orderBy('version')
    .execute()
  const history: ReportHistory = { studyIndex: report.study_index, versions: [], steps: [], damaged: [] }
  let previous: string | null = null
  for (const [at, row] of rows.entries()) {
    const document = opened(row)
    const proof = proved(row)
    const linked = document?.version === at + 1 && document.previous === previous
    previous = row.document_hash
    if (!proof) history.damaged.push(documentPlace(row.id))
    if (document) history.versions.push({ document, signedAt: row.signed_at, intact: proof && linked })
  }
  try {
    history.steps = await readSteps(store.db, protection, reportId)
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error
    history.damaged.push(error.place)
  }
  return history

  function opened(row: Schema['report_versions']): ReportDocument | null {
    try {
      return ReportDocument.parse(JSON.parse(protection.open(documentPlace(row.id), row.sealed_document)))
    } catch {
      return null
    }
  }

  function proved(row: Schema['report_versions']): boolean {
    try {
      provenVersion(row, protection)
      return true
    } catch {
      return false
    }
  }
}
