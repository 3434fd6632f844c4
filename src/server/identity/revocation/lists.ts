import { x509 } from '../../pki/index.ts'
import { type Certificate, serialOf } from '../certificate.ts'

/** How far a CA's clock may be ahead of ours, in ms. */
export const skewMs = 300_000
const hashes = new Set(['SHA-256', 'SHA-384', 'SHA-512'])

/** A certificate revocation list (RFC 5280 clause 5) as read; whose it is shows only when a CA's key has verified it. */
export interface RevocationList {
  /** DER. */
  der: Buffer
  issuer: string
  thisUpdate: number
  /** 0 where it names none: such a list is never current (RFC 5280 5.1.2.5 requires it). */
  nextUpdate: number
  isRevoked(serial: string): boolean
  /** Whether this CA's key signed it, and may sign lists. */
  isSignedBy(issuer: Certificate): Promise<boolean>
}

/**
 * The lists of a file or an answer, PEM or DER.
 * @throws Error where it holds none, or one with critical extensions (partial, delta or indirect lists).
 */
export function parseLists(bytes: Buffer): RevocationList[] {
  const text = bytes.toString('latin1')
  const ders = text.includes('-----BEGIN') ? x509.PemConverter.decode(text) : [new Uint8Array(bytes).buffer]
  if (ders.length === 0) throw new Error('cut off')
  return ders.map(parseList)
}

function parseList(der: ArrayBuffer): RevocationList {
  const crl = new x509.X509Crl(der)
  if (crl.extensions.some((extension) => extension.critical)) throw new Error('critical extension')
  const revoked = new Set(crl.entries.map((entry) => serialOf(entry.serialNumber)))
  const checked = new Map<string, Promise<boolean>>()
  return {
    der: Buffer.from(der),
    issuer: crl.issuer,
    thisUpdate: crl.thisUpdate.getTime(),
    nextUpdate: crl.nextUpdate?.getTime() ?? 0,
    isRevoked: (serial) => revoked.has(serial),
    isSignedBy(issuer) {
      const known = checked.get(issuer.fingerprint)
      if (known) return known
      const answer = issuer.subject === crl.issuer ? signedBy(crl, issuer) : Promise.resolve(false)
      checked.set(issuer.fingerprint, answer)
      return answer
    },
  }
}

async function signedBy(crl: x509.X509Crl, issuer: Certificate): Promise<boolean> {
  const { keyUsage } = issuer
  if (keyUsage !== null && (keyUsage & x509.KeyUsageFlags.cRLSign) === 0) return false
  if (!hashes.has(crl.signatureAlgorithm.hash?.name ?? '')) return false
  const publicKey = new x509.X509Certificate(new Uint8Array(issuer.der))
  return crl.verify({ publicKey }).catch(() => false)
}

/** Whether a list may be relied on: begun, not past its own end, and not older than policy allows. */
export function isCurrent(
  list: Pick<RevocationList, 'thisUpdate' | 'nextUpdate'>,
  now: number,
  longestAgeMs: number,
): boolean {
  return (
    list.thisUpdate <= now + skewMs && now < list.nextUpdate && now - list.thisUpdate <= longestAgeMs + skewMs
  )
}
