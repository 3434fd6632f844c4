export { type Accounts, createAccounts } from './accounts/index.ts'
export { createChallenges } from './challenges.ts'
export { identityHandlers } from './handlers.ts'
export { createIssuers } from './issuers.ts'
export { createRevocation, createRevocationWatch } from './revocation/index.ts'
export { createSignIn, type SignInAttempts } from './sign-in.ts'
export { isSignedBy } from './token-signature.ts'
export { createTokenVerifier } from './token-verifier.ts'
export {
  createEnrol,
  createEnrolmentCodes,
  createWorkstations,
  type Workstations,
} from './workstations/index.ts'
