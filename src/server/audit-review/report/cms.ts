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

/** What is signed: content of this SHA-256, when, and by which certificate (DER). */
interface Signed {
  contentHash: Uint8Array
  at: Date
  certificate: Buffer
}

/**
 * A detached CMS signature (RFC 5652, with ESS signing-certificate-v2 of RFC 5035) over content of this SHA-256: what a PDF
 * signature field holds (ISO 32000-1, 12.8.3.3).
 */
export function detachedSignature(contentHash: Uint8Array, signer: CmsSigner, at: Date): Buffer {
  const signed = { contentHash, at, certificate: new X509Certificate(signer.certificatePem).raw }
  return signedDataOf(signed, signer.sign(attributesOf(signed)))
}

/** As a SET OF, which is what the signature is over (5.4). */
function attributesOf({ contentHash, at, certificate }: Signed): Buffer {
  const attribute = (id: string, value: Buffer) => sequence(oid(id), setOf(value))
  const certificateHash = createHash('sha256').update(certificate).digest()
  return setOf(
    attribute(ids.contentType, oid(ids.data)),
    attribute(ids.messageDigest, octets(contentHash)),
    attribute(ids.signingTime, time(at)),
    attribute(ids.signingCertificateV2, sequence(sequence(sequence(octets(certificateHash))))),
  )
}

function signedDataOf(signed: Signed, signature: Uint8Array): Buffer {
  const { serial, issuer } = namesOf(signed.certificate)
  const signerInfo = sequence(
    integer(1),
    sequence(issuer, serial),
    sequence(oid(ids.sha256)),
    Buffer.concat([Buffer.of(0xa0), attributesOf(signed).subarray(1)]),
    sequence(oid(ids.ecdsaWithSha256)),
    octets(signature),
  )
  const signedData = sequence(
    integer(1),
    setOf(sequence(oid(ids.sha256))),
    sequence(oid(ids.data)),
    tlv(0xa0, signed.certificate),
    setOf(signerInfo),
  )
  return sequence(oid(ids.signedData), tlv(0xa0, signedData))
}

/** TBSCertificate: [0] version, serialNumber, signature, issuer, … */
function namesOf(certificate: Buffer): { serial: Buffer; issuer: Buffer } {
  const [outer] = elementsIn(certificate)
  const [serial, , issuer] = inside(inside(outer)[0]).filter(({ tag }) => tag !== 0xa0)
  if (!serial || !issuer) throw new Error('not a certificate')
  return { serial: serial.whole, issuer: issuer.whole }
}

const inside = (element: Element | undefined): Element[] => (element ? elementsIn(element.content) : [])

/**
 * Who made a signature as `detachedSignature` makes it over content of this hash; null where it does not hold, or where a byte of it
 * is another than it would have written. Whether the certificate is to be trusted is the caller's to ask.
 */
export function signerOf(
  cms: Buffer,
  contentHash: Uint8Array,
): { certificate: X509Certificate; at: Date } | null {
  try {
    const [info] = elementsIn(cms)
    const [, , , certificates, signerInfos] = inside(inside(inside(info)[1])[0])
    const [certificate] = inside(certificates)
    const [, , , attributes, , signature] = inside(inside(signerInfos)[0])
    const at = signingTimeIn(attributes)
    if (!certificate || !signature || !at) return null
    const signed: Signed = { contentHash, at, certificate: certificate.whole }
    if (!signedDataOf(signed, signature.content).equals(cms)) return null
    const signer = new X509Certificate(certificate.whole)
    if (!verify('sha256', attributesOf(signed), signer.publicKey, signature.content)) return null
    return { certificate: signer, at }
  } catch {
    return null
  }
}

function signingTimeIn(attributes: Element | undefined): Date | null {
  for (const attribute of inside(attributes)) {
    const [id, values] = inside(attribute)
    if (!id?.whole.equals(oid(ids.signingTime))) continue
    const [value] = inside(values)
    const text = value?.content.toString('ascii') ?? ''
    const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(value?.tag === 0x17 ? `20${text}` : text)
    if (!parts) return null
    const [year = 0, month = 1, ...rest] = parts.slice(1).map(Number)
    return new Date(Date.UTC(year, month - 1, ...rest))
  }
  return null
}
