import { AsnConvert } from '@peculiar/asn1-schema'
import { Certificate, type Name } from '@peculiar/asn1-x509'

/** What is shown of a certificate before it is sent, so that nobody binds the wrong one. */
export interface CertificateFacts {
  subject: string
  issuer: string
  notBefore: number
  notAfter: number
  /** SHA-256 of the DER, hex. */
  fingerprint: string
}

/** Attribute names as in RFC 4514 §3; others stand by their OID. */
const attributeNames: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '1.2.840.113549.1.9.1': 'E',
}

/** The file's bytes as the text that is sent: PEM as it is, DER as base64. */
export function certificateText(bytes: Uint8Array): string {
  // Byte by byte: what the web calls latin1 is windows-1252, which changes some of them.
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return text.includes('-----BEGIN') ? text : btoa(text)
}

/** Reads one X.509 certificate from PEM or base64 DER; null where there is none in it. The gateway checks it for itself. */
export async function readCertificate(text: string): Promise<CertificateFacts | null> {
  const body = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/.exec(text)?.[1] ?? text
  try {
    const der = Uint8Array.from(atob(body.replace(/\s+/g, '')), (letter) => letter.charCodeAt(0))
    const { tbsCertificate } = AsnConvert.parse(der, Certificate)
    const digest = await crypto.subtle.digest('SHA-256', der)
    return {
      subject: nameText(tbsCertificate.subject),
      issuer: nameText(tbsCertificate.issuer),
      notBefore: tbsCertificate.validity.notBefore.getTime().getTime(),
      notAfter: tbsCertificate.validity.notAfter.getTime().getTime(),
      fingerprint: [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    }
  } catch {
    return null
  }
}

function nameText(name: Name): string {
  return name
    .map((parts) =>
      parts.map(({ type, value }) => `${attributeNames[type] ?? type}=${value.toString()}`).join('+'),
    )
    .join(', ')
}
