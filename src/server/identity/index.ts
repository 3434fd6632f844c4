export {
  type Accounts,
  type CertificateStanding,
  certificateFrom,
  createAccounts,
  createCertificateStanding,
} from './accounts/index.ts'
export { createAttempts, type SignInAttempts } from './attempts.ts'
export { type Certificate as IssuerCertificate, pemCertificates, readCertificate } from './certificate.ts'
export { certificatePath, unfitness } from './certificate-path.ts'
export { createChallenges } from './challenges.ts'
export { createCredentials } from './credentials/index.ts'
export { createFallbackSignIn } from './fallback-sign-in.ts'
export { identityHandlers } from './handlers.ts'
export { createIssuers } from './issuers.ts'
export { createRevocation, createRevocationWatch } from './revocation/index.ts'
export { createSignIn } from './sign-in.ts'
export { isSignedBy } from './token-signature.ts'
export { createTokenVerifier } from './token-verifier.ts'
export {
  createEnrol,
  createEnrolmentCodes,
  createRenewal,
  createWorkstations,
  signedInByWorkstation,
  ticketText,
  type Workstations,
  workstationCertificates,
  workstationHandlers,
  workstationStatus,
} from './workstations/index.ts'
