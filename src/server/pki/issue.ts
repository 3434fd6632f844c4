import { createHash, createPublicKey, type X509Certificate } from 'node:crypto'
import { VigilError } from '../../shared/errors/index.ts'
import { type Authority, serialNumber } from './authority.ts'
import * as x509 from './x509.ts'

/** Clocks of gateways differ a little; a certificate is valid from this long before it is made. */
const backdateMs = 300_000

/** A client certificate as issued. */
export interface IssuedCertificate {
  pem: string
  /** PEM of the CA that issued it. */
  issuer: string
  /** SHA-256 of its DER, hex. */
  fingerprint: string
  /** Epoch ms, whole seconds. */
  notAfter: number
  /** Which generation of its CA issued it. */
  generation: number
}

const urn = { workstation: 'urn:vigil:workstation:', session: 'urn:vigil:session:' } as const

/** SHA-256 of a certificate's DER, hex: how certificates are known in the store. */
export function derFingerprint(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex')
}

/** The workstation id in a certificate of the workstation CA, or null. Call it only on a certificate whose issuer is proven. */
export function workstationIdOf(certificate: X509Certificate): string | null {
  return idOf('workstation', certificate)
}

/** The session id in a certificate of the session CA, or null; as above. */
export function sessionIdOf(certificate: X509Certificate): string | null {
  return idOf('session', certificate)
}

function idOf(kind: 'workstation' | 'session', certificate: X509Certificate): string | null {
  const match = /^URI:urn:vigil:([a-z]+):([0-9a-z-]{1,64})$/.exec(certificate.subjectAltName ?? '')
  return match?.[1] === kind ? (match[2] ?? null) : null
}

/**
 * The public key of a PKCS#10 request that proves possession of its P-256 key. Nothing else of the request is used.
 * @throws VigilError `bad-request` with the field name where it does not.
 */
export async function provenKey(csrDer: Uint8Array): Promise<x509.PublicKey> {
  const refuse = (why: string) => new VigilError('bad-request', { field: 'csr', why })
  try {
    const request = new x509.Pkcs10CertificateRequest(new Uint8Array(csrDer))
    const key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
      throw refuse('key type')
    }
    if (!(await request.verify())) throw refuse('proof of possession')
    return request.publicKey
  } catch (error) {
    if (error instanceof VigilError) throw error
    throw refuse('malformed')
  }
}

/** Issues a TLS client certificate (RFC 5280) whose identity is a URN in its subjectAltName. */
export async function issueClientCertificate(options: {
  authority: Authority
  generation: number
  csrDer: Uint8Array
  kind: keyof typeof urn
  id: string
  commonName: string
  now: number
  notAfter: number
}): Promise<IssuedCertificate> {
  const publicKey = await provenKey(options.csrDer)
  // No certificate outlives its CA.
  const last = Math.min(options.notAfter, options.authority.certificate.notAfter.getTime())
  const notAfter = Math.floor(last / 1000) * 1000
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [options.commonName] }],
    issuer: options.authority.certificate.subjectName.toJSON(),
    notBefore: new Date(options.now - backdateMs),
    notAfter: new Date(notAfter),
    publicKey,
    signingKey: options.authority.privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth], true),
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: urn[options.kind] + options.id }]),
      await x509.AuthorityKeyIdentifierExtension.create(options.authority.certificate.publicKey),
    ],
  })
  return {
    pem: `${certificate.toString('pem')}\n`,
    issuer: options.authority.pem,
    fingerprint: derFingerprint(new Uint8Array(certificate.rawData)),
    notAfter,
    generation: options.generation,
  }
}
