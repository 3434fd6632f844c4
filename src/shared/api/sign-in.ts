import { z } from 'zod'
import { LoginName } from '../account/index.ts'
import { SessionView } from '../session/index.ts'
import { SignatureAlgorithm } from '../signing/algorithm.ts'
import { Password, TotpCode } from './credentials.ts'

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

/** Crockford base32, as an enrolment code. */
export const BindingCode = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{20,32}$/)

const circumstances = {
  /** End this account's session elsewhere, where policy allows it. */
  takeOver: z.boolean().default(false),
  /** The locked session of this same workstation that another person's sign-in replaces; it ends only if this succeeds. */
  replaces: z.uuid().optional(),
}

export const SignInRequest = z.object({
  /** PKCS#10 of the ephemeral session key, base64 DER. */
  csr: base64(8192),
  ...tokenSignature,
  password: Password.optional(),
  /** Takes the place of a password that has ended or must be changed. */
  newPassword: Password.optional(),
  /** The one-time code with which a key that no account knows is bound to its person's. */
  bindingCode: BindingCode.optional(),
  /** A stapled OCSP response over the token certificate (RFC 6960), base64 DER. */
  ocspResponse: base64(16_384).optional(),
  ...circumstances,
})
export type SignInRequest = z.infer<typeof SignInRequest>

/** A lost key's stand-in, where the security officer has granted it to the account. Wrong and unknown are answered alike. */
export const FallbackSignInRequest = z.object({
  csr: base64(8192),
  loginName: LoginName,
  password: Password,
  newPassword: Password.optional(),
  code: TotpCode,
  ...circumstances,
})
export type FallbackSignInRequest = z.infer<typeof FallbackSignInRequest>

export const SignInResponse = z.object({
  /** PEM of the session certificate and of the CA that issued it. */
  certificate: z.string(),
  issuer: z.string(),
  session: SessionView,
})
export type SignInResponse = z.infer<typeof SignInResponse>

export const UnlockRequest = z.object(tokenSignature)
export type UnlockRequest = z.infer<typeof UnlockRequest>

/** Unlocks a session that began without a key. */
export const FallbackUnlockRequest = z.object({ password: Password, code: TotpCode })
export type FallbackUnlockRequest = z.infer<typeof FallbackUnlockRequest>

/** What the sign-in screen must know beforehand. */
export const SignInRules = z.object({
  password: z.boolean(),
  fallback: z.boolean(),
  /** What a new password must be, for the hints beside its field. */
  newPassword: z.object({ minLength: z.int(), minClasses: z.int(), history: z.int() }),
})
export type SignInRules = z.infer<typeof SignInRules>
