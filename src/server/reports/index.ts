export { readLetterhead } from './letterhead.ts'
export { reportHistory } from './report-history.ts'
export { createReports, type Reports } from './reports.ts'
export type { VerifyReportSignature } from './sign-off.ts'
export {
  type CorpusPeriod,
  type CorpusReport,
  createSignedCorpus,
  type SignedCorpus,
} from './signed-corpus.ts'
export { reportIdOf } from './standing.ts'
export { storedReport } from './stored-report.ts'
export { type ReportSummary, reportSummaries } from './summaries.ts'
