import { z } from 'zod'
import { SessionView } from '../session/index.ts'
import { SignatureAlgorithm } from '../signing/algorithm.ts'

export { SignatureAlgorithm }

const base64 = (max: number) => z.base64().max(max)

/** A single-use nonce (32 bytes, base64) tied to the socket it was given on, good for `expiresInMs`. */
export const Challenge = z.object({ gatewayId: z.string(), nonce: z.base64(), expiresInMs: z.number() })
export type Challenge = z.infer<typeof Challenge>

/**
 * Certificate and signature of the user's token. ECDSA signatures are DER (ECDSA-Sig-Value, RFC 3279); `certificates`
 * is the token certificate first, then any intermediates, each base64 DER.
 */
const tokenSignature = {
  certificates: z.array(base64(16_384)).min(1).max(5),
  algorithm: SignatureAlgorithm,
  signature: base64(2048),
}

export const SignInRequest = z.object({
  /** PKCS#10 of the ephemeral session key, base64 DER. */
  csr: base64(8192),
  ...tokenSignature,
  password: z.string().max(256).optional(),
  /** End this account's session elsewhere, where policy allows it. */
  takeOver: z.boolean().default(false),
})
export type SignInRequest = z.infer<typeof SignInRequest>

export const SignInResponse = z.object({
  /** PEM of the session certificate and of the CA that issued it. */
  certificate: z.string(),
  issuer: z.string(),
  session: SessionView,
})
export type SignInResponse = z.infer<typeof SignInResponse>

export const UnlockRequest = z.object(tokenSignature)
export type UnlockRequest = z.infer<typeof UnlockRequest>
