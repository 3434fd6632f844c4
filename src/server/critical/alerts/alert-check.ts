import type { CheckSignature } from '../../../shared/api/index.ts'

/**
 * Whether the second look at alerts (双人核对) was signed by the account's own token, with a certificate that is good now.
 * See AlertCheckFacts for what is signed. @throws VigilError
 */
export type VerifyAlertCheck = (
  check: CheckSignature & { accountId: string; subject: string; contentHash: Uint8Array },
) => Promise<void>
