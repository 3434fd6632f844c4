import { x509 } from '../pki/index.ts'
import type { Certificate } from './certificate.ts'
import { isStrongKey } from './token-signature.ts'

const longestPath = 6

/** Signature algorithms that a link may be signed with: SHA-256 and stronger. */
const linkAlgorithms = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
])

/**
 * The path from a user's certificate to a trusted CA: leaf first, anchor last; null where there is none. Every link's
 * signature and name, and every CA's validity, basicConstraints, keyUsage and critical extensions are checked (RFC 5280
 * clause 6.1). The leaf's own validity and usage are not: they have answers of their own.
 */
export function certificatePath(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  anchors: readonly Certificate[],
  now: number,
): Certificate[] | null {
  const extend = (path: readonly Certificate[]): Certificate[] | null => {
    const last = path[path.length - 1]
    if (!last || path.length >= longestPath) return null
    const anchor = anchors.find((candidate) => mayIssue(candidate, last, path.length - 1, now))
    if (anchor) return [...path, anchor]
    for (const candidate of intermediates) {
      if (path.some((certificate) => certificate.fingerprint === candidate.fingerprint)) continue
      if (!mayIssue(candidate, last, path.length - 1, now)) continue
      const whole = extend([...path, candidate])
      if (whole) return whole
    }
    return null
  }
  return extend([leaf])
}

/** Whether `issuer` is a CA that may have signed `subject`, and did; `below` is how many CAs stand below it. */
function mayIssue(issuer: Certificate, subject: Certificate, below: number, now: number): boolean {
  return (
    issuer.isCa &&
    (issuer.pathLength === null || issuer.pathLength >= below) &&
    (issuer.keyUsage === null || (issuer.keyUsage & x509.KeyUsageFlags.keyCertSign) !== 0) &&
    issuer.unknownCritical.length === 0 &&
    now >= issuer.notBefore &&
    now <= issuer.notAfter &&
    isStrongKey(issuer.openssl.publicKey) &&
    linkAlgorithms.has(subject.openssl.signatureAlgorithmOid) &&
    subject.openssl.checkIssued(issuer.openssl) &&
    subject.openssl.verify(issuer.openssl.publicKey)
  )
}

/** Why a user's certificate is not fit for signing in, or null where it is. */
export function unfitness(leaf: Certificate): string | null {
  if (leaf.isCa) return 'ca'
  if (!isStrongKey(leaf.openssl.publicKey)) return 'key-type'
  if (leaf.keyUsage === null || (leaf.keyUsage & x509.KeyUsageFlags.digitalSignature) === 0)
    return 'key-usage'
  if (leaf.extendedKeyUsage && !leaf.extendedKeyUsage.includes(x509.ExtendedKeyUsage.clientAuth)) {
    return 'extended-key-usage'
  }
  return leaf.unknownCritical.length > 0 ? 'critical-extension' : null
}
