export type { AlertCounts } from './alert-store.ts'
export { type Critical, createCritical } from './critical.ts'
