import { createHash, verify, webcrypto } from 'node:crypto'
import type { VerifyAlertCheck } from '../../../src/server/critical/index.ts'
import { x509 } from '../../../src/server/pki/index.ts'
import type { VerifyReportSignature } from '../../../src/server/reports/index.ts'
import type { CheckSignature } from '../../../src/shared/api/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import { canonicalReport } from '../../../src/shared/report/canonical.ts'
import type { ReportDocument, SignedReport } from '../../../src/shared/report/index.ts'
import { alertCheckStatement, reportStatement } from '../../../src/shared/signing/statement.ts'

const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest()

/** A person's signing key with a real certificate, as a token would hold them. */
export async function createSigner(name: string) {
  const keys = await webcrypto.subtle.generateKey(p256, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    { name: `CN=${name}`, keys, signingAlgorithm: p256, notBefore: new Date(0), notAfter: new Date(4e12) },
    webcrypto,
  )
  const der = Buffer.from(certificate.rawData)

  /** The document signed as a workstation signs it. */
  async function sign(document: ReportDocument): Promise<Omit<SignedReport, 'signedAt'>> {
    const statement = reportStatement({
      gatewayId: document.gatewayId,
      documentHash: sha256(canonicalReport(document)),
      certificateHash: sha256(der),
    })
    const raw = Buffer.from(await webcrypto.subtle.sign(p256, keys.privateKey, statement))
    return {
      document,
      signature: derSignature(raw).toString('base64'),
      algorithm: 'ECDSA-SHA256',
      certificate: der.toString('base64'),
    }
  }

  /** A second look (双人核对) at the alert or the report `subject`. */
  async function check(gatewayId: string, subject: string, canonical: string): Promise<CheckSignature> {
    const statement = alertCheckStatement({
      gatewayId,
      subject,
      contentHash: sha256(canonical),
      certificateHash: sha256(der),
    })
    const raw = Buffer.from(await webcrypto.subtle.sign(p256, keys.privateKey, statement))
    return {
      signature: derSignature(raw).toString('base64'),
      algorithm: 'ECDSA-SHA256',
      certificate: der.toString('base64'),
    }
  }

  return {
    sign,
    check,
    certificate: der.toString('base64'),
    publicKey: certificate.publicKey.toString('pem'),
  }
}

/** Web Crypto gives r and s side by side; tokens and the contract use ECDSA-Sig-Value (RFC 3279). */
function derSignature(raw: Buffer): Buffer {
  const integer = (bytes: Buffer) => {
    let start = 0
    while (start < bytes.length - 1 && bytes[start] === 0) start++
    const body = bytes.subarray(start)
    const value = (body[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), body]) : body
    return Buffer.concat([Buffer.of(2, value.length), value])
  }
  const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))])
  return Buffer.concat([Buffer.of(0x30, body.length), body])
}

/** Verify for the accounts whose keys they know; the whole check, less the chain that the identity capability adds. */
export function verifiersFor(
  gatewayId: string,
  keys: ReadonlyMap<string, { certificate: string; publicKey: string }>,
): { verifyReportSignature: VerifyReportSignature; verifyAlertCheck: VerifyAlertCheck } {
  function mustBeBy(
    accountId: string,
    { certificate, signature }: { certificate: string; signature: string },
    statementFor: (certificateHash: Uint8Array) => Uint8Array,
  ): void {
    const key = keys.get(accountId)
    if (!key || key.certificate !== certificate) throw new VigilError('other-account')
    const statement = statementFor(sha256(Buffer.from(certificate, 'base64')))
    if (!verify('sha256', statement, key.publicKey, Buffer.from(signature, 'base64')))
      throw new VigilError('signature-invalid')
  }
  return {
    verifyReportSignature: async ({ accountId, documentHash, ...made }) =>
      mustBeBy(accountId, made, (certificateHash) =>
        reportStatement({ gatewayId, documentHash, certificateHash }),
      ),
    verifyAlertCheck: async ({ accountId, subject, contentHash, ...made }) =>
      mustBeBy(accountId, made, (certificateHash) =>
        alertCheckStatement({ gatewayId, subject, contentHash, certificateHash }),
      ),
  }
}
