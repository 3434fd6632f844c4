export { createRevocation, type Revocation, type RevocationStatus } from './crl.ts'
