import type { SignatureAlgorithm } from '../../shared/api/index.ts'
import type { IpcResult, Token } from '../../shared/ipc/index.ts'

/** What a token made, ready for the wire. `certificates` is DER, the signer's first. */
export interface TokenSignature {
  certificates: Uint8Array[]
  algorithm: SignatureAlgorithm
  /** ECDSA as DER ECDSA-Sig-Value (RFC 3279 2.2.3), RSA as the bare signature value. */
  signature: Uint8Array
}

export interface SignRequest {
  tokenId: string
  /** Absent where the token has one certificate, or shows none before the PIN. */
  certificateId?: string | undefined
  /** UTF-8. The caller owns it and wipes it after the call; the driver keeps no copy. */
  pin: Buffer
  /** The bytes to sign, given the certificate that will sign them (its hash is part of every statement). */
  statement(certificate: Uint8Array): Uint8Array
}

export interface PinChange {
  tokenId: string
  /** Both UTF-8. The caller owns them and wipes them after the call; the driver keeps no copy. */
  pin: Buffer
  newPin: Buffer
}

/** What changed between two looks at the tokens. */
export interface TokenChange {
  tokens: Token[]
  /** Ids of tokens that were taken out, also where one was put back at once. */
  removed: string[]
}

/**
 * Signing keys outside the machine: USB keys over PKCS#11, PKCS#12 files on removable media. Room is left for SKF
 * (GM/T 0016): another driver with SM2 as a further SignatureAlgorithm.
 */
export interface TokenDriver {
  /** The tokens as they are now. */
  list(): Promise<Token[]>
  /**
   * One signature, one PIN.
   * @throws VigilError token-absent, token-changed, token-certificate-unsuitable, pin-wrong, pin-locked,
   * token-driver-failed
   */
  sign(request: SignRequest): Promise<TokenSignature>
  /**
   * Replaces the PIN.
   * @throws VigilError token-absent, pin-wrong, pin-locked, pin-unacceptable (minLength, maxLength in bytes, where the
   * token tells them), pin-change-unsupported, token-driver-failed
   */
  changePin(request: PinChange): Promise<void>
  /** What became of each library that the machine's policy names; `problem` is why there is none at all. */
  modules(): Promise<IpcResult<'tokens.modules'>>
  /** Calls `listener` with each change; returns the function that stops it. */
  watch(listener: (change: TokenChange) => void): () => void
  close(): Promise<void>
}
