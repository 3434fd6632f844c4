import { constants, verify, type X509Certificate } from 'node:crypto'
import type { SignatureAlgorithm } from '../../shared/api/index.ts'

/** Whether a token's signature holds under its own certificate; a driver that signs wrongly is caught here. */
export function signatureHolds(
  algorithm: SignatureAlgorithm,
  statement: Uint8Array,
  certificate: X509Certificate,
  signature: Uint8Array,
): boolean {
  const key = certificate.publicKey
  if (algorithm === 'RSA-PSS-SHA256') {
    const padding = constants.RSA_PKCS1_PSS_PADDING
    return verify('sha256', statement, { key, padding, saltLength: 32 }, signature)
  }
  return verify(algorithm === 'ECDSA-SHA384' ? 'sha384' : 'sha256', statement, key, signature)
}
