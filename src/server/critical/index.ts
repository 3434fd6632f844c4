export type { AlertCounts } from './alert-store.ts'
export { type Critical, createCritical } from './critical.ts'
export { readDictionary } from './dictionary.ts'
