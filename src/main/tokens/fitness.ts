import { X509Certificate } from 'node:crypto'
import type { TokenCertificate } from '../../shared/ipc/index.ts'

type KeyType = 'rsa' | 'ec-p256' | 'ec-p384'

/** The certificate's public key as far as the drivers can sign for it; null for any other. RSA below 2048 bits counts as other. */
export function keyTypeOf(certificate: X509Certificate): KeyType | null {
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? 'rsa' : null
  if (asymmetricKeyType !== 'ec') return null
  if (asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ec-p256'
  return asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'ec-p384' : null
}

/** Parses DER; null where it is not a certificate. */
export function parseCertificate(der: Uint8Array): X509Certificate | null {
  try {
    return new X509Certificate(der)
  } catch {
    return null
  }
}

/** What can be shown of a certificate, and whether it can be used for sign-in now. */
export function describeCertificate(id: string, certificate: X509Certificate, now: number): TokenCertificate {
  const notBefore = Date.parse(certificate.validFrom)
  const notAfter = Date.parse(certificate.validTo)
  return {
    id,
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    notBefore,
    notAfter,
    unfit: unfitness(certificate, notBefore, notAfter, now),
  }
}

function unfitness(
  certificate: X509Certificate,
  notBefore: number,
  notAfter: number,
  now: number,
): TokenCertificate['unfit'] {
  if (!keyTypeOf(certificate)) return 'key-type'
  if (certificate.ca || !mayDigitallySign(certificate)) return 'key-usage'
  if (now < notBefore) return 'not-yet-valid'
  return now > notAfter ? 'expired' : null
}

/**
 * RFC 5280 4.2.1.3: where keyUsage is present it must assert digitalSignature (bit 0). Node shows only the extended
 * key usage, so the extension is found in the DER by its object identifier 2.5.29.15.
 */
function mayDigitallySign(certificate: X509Certificate): boolean {
  const der = certificate.raw
  const at = der.indexOf(Buffer.from('0603551d0f', 'hex'))
  if (at < 0) return true
  let offset = at + 5
  if (der[offset] === 0x01) offset += 3 // critical BOOLEAN
  // OCTET STRING around BIT STRING: 04 len 03 len unused bits…
  if (der[offset] !== 0x04 || der[offset + 2] !== 0x03) return false
  return ((der[offset + 5] ?? 0) & 0x80) !== 0
}

/** Node writes one attribute a line, `CN=…\nO=…`. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ')
}
