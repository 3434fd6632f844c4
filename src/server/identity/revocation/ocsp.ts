import { createHash, verify, type X509Certificate } from 'node:crypto'
import {
  BasicOCSPResponse,
  CertID,
  id_kp_OCSPSigning,
  id_pkix_ocsp_basic,
  id_pkix_ocsp_nonce,
  OCSPRequest,
  OCSPResponse,
  OCSPResponseStatus,
  Request,
  type SingleResponse,
  TBSRequest,
} from '@peculiar/asn1-ocsp'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { AlgorithmIdentifier, Certificate as AsnCertificate, Extension } from '@peculiar/asn1-x509'
import { type Certificate, readCertificate, serialOf } from '../certificate.ts'
import type { RevocationStatus } from './decision.ts'
import { skewMs } from './lists.ts'

/** How old an answer may be that names no end of its own, in ms. */
const undatedMs = 10 * 60_000

/** Digests that a certificate may be named by: identifiers, not signatures. */
const digests: Record<string, string> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
const sha1 = '1.3.14.3.2.26'

/** Hash by signature algorithm: RSA PKCS #1 v1.5 and ECDSA with SHA-256 and stronger. */
const signatureHashes: Record<string, string> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
}

/** DER of an OCSP request for one certificate (RFC 6960 4.1.1). SHA-1 names it, which every responder understands (RFC 5019). */
export function ocspRequest(certificate: Certificate, issuer: Certificate, nonce: Uint8Array): Uint8Array {
  const { nameHash, keyHash } = namesOf(issuer, 'sha1')
  const reqCert = new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha1, parameters: null }),
    issuerNameHash: new OctetString(nameHash),
    issuerKeyHash: new OctetString(keyHash),
    serialNumber: asn(certificate).tbsCertificate.serialNumber,
  })
  const requestExtensions = [
    new Extension({
      extnID: id_pkix_ocsp_nonce,
      critical: false,
      extnValue: new OctetString(AsnConvert.serialize(new OctetString(nonce))),
    }),
  ]
  const tbsRequest = new TBSRequest({ requestList: [new Request({ reqCert })], requestExtensions })
  return new Uint8Array(AsnConvert.serialize(new OCSPRequest({ tbsRequest })))
}

/**
 * What an OCSP response says of a certificate, and until when; `none` where it does not count: not successful, not about
 * it, signed by neither its CA nor a responder that the CA appointed (RFC 6960 4.2.2.2), stale, or an answer to another
 * question.
 */
export function readOcspResponse(
  der: Uint8Array,
  facts: {
    certificate: Certificate
    issuer: Certificate
    now: number
    longestAgeMs: number
    /** Of our own request; a stapled response answers nobody's. */
    nonce?: Uint8Array
  },
): { status: RevocationStatus | 'none'; until: number } {
  const none = { status: 'none', until: 0 } as const
  try {
    const basic = basicResponse(der)
    if (!basic || !isSigned(basic, facts.issuer, facts.now)) return none
    if (facts.nonce && !answers(basic, facts.nonce)) return none
    const single = basic.tbsResponseData.responses.find((response) => isAbout(response, facts))
    if (!single) return none
    const until = endOf(single)
    const age = facts.now - single.thisUpdate.getTime()
    if (age < -skewMs || age > facts.longestAgeMs + skewMs || facts.now > until + skewMs) return none
    const { certStatus } = single
    const status = certStatus.revoked ? 'revoked' : certStatus.good === null ? 'good' : 'unknown'
    return { status, until }
  } catch {
    return none
  }
}

function basicResponse(der: Uint8Array): BasicOCSPResponse | null {
  const response = AsnConvert.parse(der, OCSPResponse)
  if (response.responseStatus !== OCSPResponseStatus.successful) return null
  if (response.responseBytes?.responseType !== id_pkix_ocsp_basic) return null
  return AsnConvert.parse(response.responseBytes.response, BasicOCSPResponse)
}

/** Signed by the issuer itself, or by a certificate that it issued for this purpose. */
function isSigned(basic: BasicOCSPResponse, issuer: Certificate, now: number): boolean {
  const hash = signatureHashes[basic.signatureAlgorithm.algorithm]
  const signed = basic.tbsResponseDataRaw
  if (!hash || !signed) return false
  const by = (certificate: X509Certificate) =>
    verify(hash, new Uint8Array(signed), certificate.publicKey, new Uint8Array(basic.signature))
  if (by(issuer.openssl)) return true
  return (basic.certs ?? [])
    .map((certificate) => readCertificate(Buffer.from(AsnConvert.serialize(certificate))))
    .some(
      (responder) =>
        responder.extendedKeyUsage?.includes(id_kp_OCSPSigning) === true &&
        now >= responder.notBefore &&
        now <= responder.notAfter &&
        responder.openssl.checkIssued(issuer.openssl) &&
        responder.openssl.verify(issuer.openssl.publicKey) &&
        by(responder.openssl),
    )
}

/** A responder may leave the nonce out (RFC 6960 4.4.1); another one is an answer to another request. */
function answers(basic: BasicOCSPResponse, nonce: Uint8Array): boolean {
  const extension = (basic.tbsResponseData.responseExtensions ?? []).find(
    ({ extnID }) => extnID === id_pkix_ocsp_nonce,
  )
  if (!extension) return true
  const echoed = AsnConvert.parse(extension.extnValue.buffer, OctetString)
  return Buffer.from(echoed.buffer).equals(nonce)
}

function isAbout(
  { certID }: SingleResponse,
  facts: { certificate: Certificate; issuer: Certificate },
): boolean {
  const digest = digests[certID.hashAlgorithm.algorithm]
  if (!digest) return false
  const { nameHash, keyHash } = namesOf(facts.issuer, digest)
  return (
    serialOf(Buffer.from(certID.serialNumber).toString('hex')) === facts.certificate.serial &&
    Buffer.from(certID.issuerNameHash.buffer).equals(nameHash) &&
    Buffer.from(certID.issuerKeyHash.buffer).equals(keyHash)
  )
}

function endOf({ thisUpdate, nextUpdate }: SingleResponse): number {
  return nextUpdate?.getTime() ?? thisUpdate.getTime() + undatedMs
}

/** What an issuer is named by in a CertID: hashes of its subject and of its key's bits. */
function namesOf(issuer: Certificate, digest: string): { nameHash: Buffer; keyHash: Buffer } {
  const { subject, subjectPublicKeyInfo } = asn(issuer).tbsCertificate
  const hash = (bytes: ArrayBuffer) => createHash(digest).update(new Uint8Array(bytes)).digest()
  return {
    nameHash: hash(AsnConvert.serialize(subject)),
    keyHash: hash(subjectPublicKeyInfo.subjectPublicKey),
  }
}

function asn(certificate: Certificate): AsnCertificate {
  return AsnConvert.parse(certificate.der, AsnCertificate)
}
