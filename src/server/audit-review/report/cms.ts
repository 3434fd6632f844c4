import { createHash, verify, X509Certificate } from 'node:crypto'
import { type Element, elementsIn, integer, octets, oid, sequence, setOf, time, tlv } from './der.ts'

const ids = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const

export interface CmsSigner {
  certificatePem: string
  /** ECDSA with SHA-256, DER. */
  sign(bytes: Uint8Array): Uint8Array
}

/**
 * A detached CMS signature (RFC 5652, with ESS signing-certificate-v2 of RFC 5035) over content of this SHA-256: what a PDF
 * signature field holds (ISO 32000-1, 12.8.3.3).
 */
export function detachedSignature(contentHash: Uint8Array, signer: CmsSigner, at: Date): Buffer {
  const certificate = new X509Certificate(signer.certificatePem).raw
  const { serial, issuer } = namesOf(certificate)
  const attribute = (id: string, value: Buffer) => sequence(oid(id), setOf(value))
  const certificateHash = createHash('sha256').update(certificate).digest()
  const attributes = [
    attribute(ids.contentType, oid(ids.data)),
    attribute(ids.messageDigest, octets(contentHash)),
    attribute(ids.signingTime, time(at)),
    attribute(ids.signingCertificateV2, sequence(sequence(sequence(octets(certificateHash))))),
  ]
  const signed = setOf(...attributes)
  const signerInfo = sequence(
    integer(1),
    sequence(issuer, serial),
    sequence(oid(ids.sha256)),
    // Signed as a SET OF, stored as [0] IMPLICIT (5.4).
    Buffer.concat([Buffer.of(0xa0), signed.subarray(1)]),
    sequence(oid(ids.ecdsaWithSha256)),
    octets(signer.sign(signed)),
  )
  const signedData = sequence(
    integer(1),
    setOf(sequence(oid(ids.sha256))),
    sequence(oid(ids.data)),
    tlv(0xa0, certificate),
    setOf(signerInfo),
  )
  return sequence(oid(ids.signedData), tlv(0xa0, signedData))
}

/** TBSCertificate: [0] version, serialNumber, signature, issuer, … */
function namesOf(certificate: Buffer): { serial: Buffer; issuer: Buffer } {
  const [outer] = elementsIn(certificate)
  const [tbs] = elementsIn(outer?.content ?? Buffer.alloc(0))
  const fields = elementsIn(tbs?.content ?? Buffer.alloc(0)).filter(({ tag }) => tag !== 0xa0)
  const [serial, , issuer] = fields
  if (!serial || !issuer) throw new Error('not a certificate')
  return { serial: serial.whole, issuer: issuer.whole }
}

/**
 * Who made a signature as `detachedSignature` makes it over content of this hash; null where it does not hold.
 * Whether the certificate is to be trusted is the caller's to ask.
 */
export function signerOf(
  cms: Buffer,
  contentHash: Uint8Array,
): { certificate: X509Certificate; at: Date | null } | null {
  try {
    const [info] = elementsIn(cms)
    const inside = (element: Element | undefined) => elementsIn(element?.content ?? Buffer.alloc(0))
    const [signedData] = inside(inside(info)[1])
    const [, , , certificates, signerInfos] = inside(signedData)
    const [first] = inside(certificates)
    const [, , , attributes, , signature] = inside(inside(signerInfos)[0])
    if (!first || !attributes || !signature || attributes.tag !== 0xa0) return null
    const certificate = new X509Certificate(first.whole)
    const values = new Map(
      inside(attributes).map((attribute) => {
        const [id, set] = inside(attribute)
        return [id?.whole.toString('hex'), inside(set)[0]] as const
      }),
    )
    const attributeOf = (id: string) => values.get(oid(id).toString('hex'))
    if (!attributeOf(ids.messageDigest)?.content.equals(contentHash)) return null
    if (!attributeOf(ids.contentType)?.whole.equals(oid(ids.data))) return null
    const signed = Buffer.concat([Buffer.of(0x31), attributes.whole.subarray(1)])
    if (!verify('sha256', signed, certificate.publicKey, signature.content)) return null
    return { certificate, at: dateOf(attributeOf(ids.signingTime)) }
  } catch {
    return null
  }
}

function dateOf(element: Element | undefined): Date | null {
  const text = element?.content.toString('ascii') ?? ''
  const full = element?.tag === 0x17 ? `20${text}` : text
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full)
  if (!parts) return null
  const [, year, month, day, hour, minute, second] = parts.map(Number)
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second))
}
