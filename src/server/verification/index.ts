export { type Brought, readBounded, readReportFile, UnreadableError } from './read.ts'
export { verifyReports } from './verify.ts'
export { verificationLines } from './words.ts'
