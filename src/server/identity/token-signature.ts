import { constants, type KeyObject, verify } from 'node:crypto'
import type { SignatureAlgorithm } from '../../shared/api/index.ts'

/** RSA of 2048 to 8192 bits, or EC on P-256 or P-384. */
export function isStrongKey(key: KeyObject): boolean {
  const details = key.asymmetricKeyDetails
  if (key.asymmetricKeyType === 'rsa') {
    const bits = details?.modulusLength ?? 0
    return bits >= 2048 && bits <= 8192
  }
  return key.asymmetricKeyType === 'ec' && ['prime256v1', 'secp384r1'].includes(details?.namedCurve ?? '')
}

/**
 * Whether the key made the signature over the statement. The algorithm must be the key's own: RSA keys PSS (salt as long
 * as the hash) or PKCS #1 v1.5 with SHA-256, P-256 with SHA-256, P-384 with SHA-384; anything else is false.
 */
export function isSignedBy(
  key: KeyObject,
  algorithm: SignatureAlgorithm,
  statement: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!isStrongKey(key) || !fits(key, algorithm)) return false
  switch (algorithm) {
    case 'RSA-PSS-SHA256': {
      const padding = constants.RSA_PKCS1_PSS_PADDING
      const saltLength = constants.RSA_PSS_SALTLEN_DIGEST
      return verify('sha256', statement, { key, padding, saltLength }, signature)
    }
    case 'RSA-PKCS1-SHA256':
      return verify('sha256', statement, { key, padding: constants.RSA_PKCS1_PADDING }, signature)
    case 'ECDSA-SHA256':
      return verify('sha256', statement, { key, dsaEncoding: 'der' }, signature)
    case 'ECDSA-SHA384':
      return verify('sha384', statement, { key, dsaEncoding: 'der' }, signature)
  }
}

function fits(key: KeyObject, algorithm: SignatureAlgorithm): boolean {
  if (key.asymmetricKeyType === 'rsa') return algorithm.startsWith('RSA-')
  const own = key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'ECDSA-SHA384' : 'ECDSA-SHA256'
  return algorithm === own
}
