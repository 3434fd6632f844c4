export { type Authorities, createAuthorities, type Issuer, loadAuthorities } from './authorities.ts'
export { derFingerprint, workstationIdOf } from './issue.ts'
export * as x509 from './x509.ts'
