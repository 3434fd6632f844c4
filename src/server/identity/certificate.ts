import { X509Certificate } from 'node:crypto'
import { derFingerprint, x509 } from '../pki/index.ts'

/** A certificate from outside, read once: OpenSSL's view for signatures, the extensions for RFC 5280's rules. */
export interface Certificate {
  der: Buffer
  /** SHA-256 of the DER, hex. */
  fingerprint: string
  openssl: X509Certificate
  subject: string
  notBefore: number
  notAfter: number
  /** Lower-case hex without leading zeros. */
  serial: string
  isCa: boolean
  /** Null where the certificate does not limit it. */
  pathLength: number | null
  /** Null where the extension is absent. */
  keyUsage: number | null
  /** OIDs; null where the extension is absent. */
  extendedKeyUsage: readonly string[] | null
  /** OIDs of critical extensions that this gateway does not process: reason enough to refuse (RFC 5280 4.2). */
  unknownCritical: readonly string[]
  /** Where its CA answers for it (authorityInfoAccess, RFC 5280 4.2.2.1); null where it names no HTTP responder. */
  ocspUrl: string | null
}

/** The critical extensions that are processed; certificatePolicies under "any policy", as no policy is required. */
const processed = new Set(['2.5.29.19', '2.5.29.15', '2.5.29.37', '2.5.29.17', '2.5.29.32'])

/** @throws Error of some kind where the bytes are not one X.509 certificate; the caller words it. */
export function readCertificate(source: Buffer | string): Certificate {
  const openssl = new X509Certificate(source)
  // OpenSSL reads the first structure and leaves what follows; a fingerprint must stand for all bytes.
  const der = Buffer.from(openssl.raw)
  const parsed = new x509.X509Certificate(new Uint8Array(der))
  const oids = parsed.extensions.map((extension) => extension.type)
  if (new Set(oids).size !== oids.length) throw new Error('an extension stands twice (RFC 5280 4.2)')
  const basic = parsed.getExtension(x509.BasicConstraintsExtension)
  return {
    der,
    fingerprint: derFingerprint(der),
    openssl,
    subject: parsed.subject,
    notBefore: parsed.notBefore.getTime(),
    notAfter: parsed.notAfter.getTime(),
    serial: serialOf(openssl.serialNumber),
    isCa: basic?.ca === true,
    pathLength: basic?.pathLength ?? null,
    keyUsage: parsed.getExtension(x509.KeyUsagesExtension)?.usages ?? null,
    extendedKeyUsage: parsed.getExtension(x509.ExtendedKeyUsageExtension)?.usages.map(String) ?? null,
    unknownCritical: parsed.extensions
      .filter((extension) => extension.critical && !processed.has(extension.type))
      .map((extension) => extension.type),
    ocspUrl:
      parsed
        .getExtension(x509.AuthorityInfoAccessExtension)
        ?.ocsp.find(({ type, value }) => type === 'url' && /^https?:\/\//.test(value))?.value ?? null,
  }
}

/** One writing of a serial number, for comparison. */
export function serialOf(hex: string): string {
  return hex.toLowerCase().replace(/^0+(?=.)/, '')
}

/** The certificates of a PEM file. */
export function pemCertificates(pem: string): Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map(
    readCertificate,
  )
}
