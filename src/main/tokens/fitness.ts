import { type KeyObject, X509Certificate } from 'node:crypto'
import { VigilError } from '../../shared/errors/index.ts'
import type { TokenCertificate } from '../../shared/ipc/index.ts'
import { usageAgainst } from './usage.ts'

type KeyType = 'rsa' | 'ec-p256' | 'ec-p384'

/** The certificate's public key as far as the gateway takes it (`isStrongKey`): RSA of 2048 to 8192 bits, P-256, P-384; null for any other. */
export function keyTypeOf(certificate: X509Certificate): KeyType | null {
  const { asymmetricKeyType, asymmetricKeyDetails } = publicKeyOf(certificate) ?? {}
  if (asymmetricKeyType === 'rsa') {
    const bits = asymmetricKeyDetails?.modulusLength ?? 0
    return bits >= 2048 && bits <= 8192 ? 'rsa' : null
  }
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
  if (certificate.ca) return 'key-usage'
  const against = usageOf(certificate)
  if (against) return against
  if (now < notBefore) return 'not-yet-valid'
  return now > notAfter ? 'expired' : null
}

function usageOf(certificate: X509Certificate): TokenCertificate['unfit'] {
  try {
    return usageAgainst(certificate.raw)
  } catch {
    return 'key-usage' // an extension that cannot be read allows nothing
  }
}

/** Null for a key of a kind that OpenSSL does not know, such as SM2. */
function publicKeyOf(certificate: X509Certificate): KeyObject | null {
  try {
    return certificate.publicKey
  } catch {
    return null
  }
}

/**
 * The certificate to sign with where the user has not chosen: the first that is fit; else the first whose dates alone
 * speak against it, so that the gateway, whose clock counts, gives the answer and records it.
 * @throws VigilError token-certificate-unsuitable
 */
export function chooseCertificate<T extends { certificate: X509Certificate }>(
  candidates: readonly T[],
  now: number,
): T {
  const judged = candidates.map((candidate) => ({
    candidate,
    unfit: describeCertificate('', candidate.certificate, now).unfit,
  }))
  const chosen =
    judged.find(({ unfit }) => unfit === null) ??
    judged.find(({ unfit }) => unfit === 'expired' || unfit === 'not-yet-valid')
  if (!chosen) throw new VigilError('token-certificate-unsuitable', { reason: judged[0]?.unfit ?? 'none' })
  return chosen.candidate
}

/** Node writes one attribute a line, `CN=…\nO=…`. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ')
}
