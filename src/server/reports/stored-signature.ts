import { X509Certificate } from 'node:crypto'
import type { SignedReport } from '../../shared/report/index.ts'
import { reportStatement } from '../../shared/signing/statement.ts'
import { isSignedBy } from '../identity/index.ts'
import { sha256 } from './document-hash.ts'

/**
 * True where the stored signature is the certificate's over this document: nothing of the three was exchanged. Whether
 * the certificate was good is settled once, at sign-off; years later it will have expired and the signature still stands.
 */
export function signatureStands(
  stored: Pick<SignedReport, 'signature' | 'algorithm' | 'certificate'>,
  gatewayId: string,
  documentHash: Uint8Array,
): boolean {
  try {
    const der = Buffer.from(stored.certificate, 'base64')
    const statement = reportStatement({ gatewayId, documentHash, certificateHash: sha256(der) })
    const key = new X509Certificate(der).publicKey
    return isSignedBy(key, stored.algorithm, statement, Buffer.from(stored.signature, 'base64'))
  } catch {
    return false
  }
}
