import { createHash, X509Certificate } from 'node:crypto'

/** base64url SHA-256 of a certificate's SubjectPublicKeyInfo: the PIN in an enrolment ticket. */
export function spkiPin(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('base64url')
}

/** The certificates in PEM text, in order. @throws Error where one of them is none */
export function certificatesIn(pem: string): X509Certificate[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return found.map((text) => new X509Certificate(text))
}

export const pinsOf = (pem: string): string[] => certificatesIn(pem).map(spkiPin)
