export { type Authorities, createAuthorities, type Issuer, loadAuthorities } from './authorities.ts'
export {
  type AuthorityName,
  authorityNames,
  type Generations,
  isUnderWay,
} from './generations.ts'
export { derFingerprint, sessionIdOf, workstationIdOf } from './issue.ts'
export { openPki, type Pki } from './live.ts'
export { pkiCertificates } from './rows.ts'
export { createPkiUpkeep } from './upkeep.ts'
export * as x509 from './x509.ts'
