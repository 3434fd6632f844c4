export { createReports, type Reports } from './reports.ts'
export type { VerifyReportSignature } from './sign-off.ts'
export type { ReportSummary } from './summaries.ts'
