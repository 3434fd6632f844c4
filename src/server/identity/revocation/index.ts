export { createRevocation, type Revocation } from './revocation.ts'
export { createRevocationWatch, type RevocationWatch } from './watch.ts'
