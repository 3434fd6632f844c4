export { createRevocation, type Revocation } from './revocation.ts'
export { createRevocationWatch } from './watch.ts'
