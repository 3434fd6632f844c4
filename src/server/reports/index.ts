export { createReports, type Reports } from './reports.ts'
export type { VerifyReportSignature } from './sign-off.ts'
export {
  type CorpusPeriod,
  type CorpusReport,
  createSignedCorpus,
  type SignedCorpus,
} from './signed-corpus.ts'
export type { ReportSummary } from './summaries.ts'
