export type { VerifyAlertCheck } from './alerts/alert-check.ts'
export type { AlertCounts } from './alerts/alert-store.ts'
export { type Critical, createCritical } from './critical.ts'
