import type { ReportStatus } from '../../shared/report/index.ts'
import type { Queries } from '../store/index.ts'

/** Where a report stands, for the worklist. People by account id. */
export interface ReportSummary {
  status: ReportStatus
  /** 报告医师: who writes or handed in what is not signed, or wrote what is; empty where there is none. */
  writtenBy: string
  /** 审核医师: who reviews it, or signed what another wrote; empty where nobody did. */
  reviewedBy: string
  /** Who may write it now, and since when: the author, or the reviewer; null where nobody holds it. */
  holder: string | null
  heldSince: number | null
  /** Critical findings in a report that waits for review. */
  suspected: number
  /** Of the newest signed version, epoch ms; null where nothing is signed. */
  signedAt: number | null
}

/** How many studies one query names at most. */
const atOnce = 500

/** By blind study index; of these studies only, where they are named. */
export async function reportSummaries(
  queries: Queries,
  studyIndexes?: readonly string[],
): Promise<Map<string, ReportSummary>> {
  if (!studyIndexes) return summariesOf(queries, null)
  const found = new Map<string, ReportSummary>()
  for (let start = 0; start < studyIndexes.length; start += atOnce) {
    const part = await summariesOf(queries, studyIndexes.slice(start, start + atOnce))
    for (const [index, summary] of part) found.set(index, summary)
  }
  return found
}

async function summariesOf(queries: Queries, of: readonly string[] | null) {
  let query = queries
    .selectFrom('reports')
    .leftJoin('report_drafts', 'report_drafts.report_id', 'reports.id')
    .leftJoin('report_versions', 'report_versions.report_id', 'reports.id')
    .select([
      'reports.study_index',
      'report_drafts.account_id as holding',
      'report_drafts.stage',
      'report_drafts.written_by',
      'report_drafts.taken_at',
      'report_drafts.suspected',
      'report_versions.author_id as signing',
      'report_versions.written_by as signed_writer',
      'report_versions.signed_at',
    ])
  if (of) query = query.where('reports.study_index', 'in', of)
  const rows = await query.orderBy('report_versions.version').execute()
  // The last version of a report comes last.
  return new Map(rows.map((row) => [row.study_index, summaryOf(row)]))
}

function summaryOf(row: {
  holding: string | null
  stage: 'writing' | 'submitted' | 'reviewing' | 'rejected' | null
  written_by: string | null
  taken_at: number | null
  suspected: number | null
  signing: string | null
  signed_writer: string | null
  signed_at: number | null
}): ReportSummary {
  const { holding, stage, signing } = row
  const holder = stage === 'submitted' ? null : holding
  const held = { holder, heldSince: holder === null ? null : row.taken_at }
  // What is signed stands, whatever is written over it; until that waits for somebody to act.
  if (signing && (stage === null || stage === 'writing'))
    return {
      status: 'signed',
      writtenBy: row.signed_writer ?? signing,
      reviewedBy: row.signed_writer ? signing : '',
      ...held,
      suspected: 0,
      signedAt: row.signed_at,
    }
  return {
    status: stage === null ? 'none' : stage === 'writing' ? 'draft' : stage,
    writtenBy: row.written_by ?? holding ?? '',
    reviewedBy: stage === 'reviewing' ? (holding ?? '') : '',
    ...held,
    suspected: row.suspected ?? 0,
    signedAt: row.signed_at,
  }
}
