import { z } from 'zod'

/**
 * Why a token operation failed at the workstation, where the gateway was not asked or could not answer. What the gateway
 * itself refuses it audits itself.
 */
export const TokenFailureCode = z.enum([
  'pin-wrong',
  'pin-locked',
  'token-driver-failed',
  'token-absent',
  'token-changed',
  'token-certificate-unsuitable',
  'clock-skewed',
  'gateway-unreachable',
  'gateway-untrusted',
  'gateway-protocol',
])
export type TokenFailureCode = z.infer<typeof TokenFailureCode>

/** One failed operation. Nothing here names a person, and there is no PIN. */
export const TokenFailure = z.object({
  code: TokenFailureCode,
  purpose: z.enum(['sign-in', 'unlock', 'sign-off', 'alert-check', 'change-pin']),
  /** When, by the workstation's clock, epoch ms; that clock may be what is wrong. */
  at: z.int(),
  /** SHA-256 of the certificate's DER, hex, where the token showed one before it failed. */
  certificate: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})
export type TokenFailure = z.infer<typeof TokenFailure>

/** As many as one report carries, and as a workstation keeps while it cannot report. */
export const mostTokenFailures = 50

export const TokenFailures = z.object({ failures: z.array(TokenFailure).min(1).max(mostTokenFailures) })
export type TokenFailures = z.infer<typeof TokenFailures>
