import type { ReportStatus } from '../../shared/report/index.ts'
import type { Queries } from '../store/index.ts'

/** Where a report stands, for the worklist. `accountId` is the signing author, else the draft's. */
export interface ReportSummary {
  status: ReportStatus
  accountId: string
}

/** By blind study index; one query for all of them. */
export async function reportSummaries(queries: Queries): Promise<Map<string, ReportSummary>> {
  const rows = await queries
    .selectFrom('reports')
    .leftJoin('report_drafts', 'report_drafts.report_id', 'reports.id')
    .leftJoin('report_versions', 'report_versions.report_id', 'reports.id')
    .select([
      'reports.study_index',
      'report_drafts.account_id as drafting',
      'report_versions.author_id as signing',
    ])
    .orderBy('report_versions.version')
    .execute()
  // The last version of a report comes last.
  return new Map(
    rows.map(({ study_index, drafting, signing }) => [
      study_index,
      {
        status: signing ? 'signed' : drafting ? 'draft' : 'none',
        accountId: signing ?? drafting ?? '',
      },
    ]),
  )
}
