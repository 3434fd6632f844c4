import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { SignatureAlgorithm } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import { reportStatement } from '../../shared/signing/statement.ts'
import type { Foundation } from '../foundation.ts'
import type { Accounts } from './accounts/index.ts'
import { type Certificate, pemCertificates, readCertificate } from './certificate.ts'
import { certificatePath, unfitness } from './certificate-path.ts'
import { createIntermediates } from './intermediates.ts'
import { createRevocation } from './revocation/index.ts'
import { isSignedBy, isStrongKey } from './token-signature.ts'

/** A signature as it comes from a token: certificate first, then any intermediates, each base64 DER. */
export interface TokenSignature {
  certificates: readonly string[]
  algorithm: SignatureAlgorithm
  /** base64 */
  signature: string
}

export interface ProvenToken {
  accountId: string
  /** SHA-256 of the token certificate's DER, hex. */
  fingerprint: string
  /** When the token certificate ends, epoch ms. */
  notAfter: number
}

export interface TokenVerifier {
  /**
   * Which account's token made the signature. The signature is looked at first, so that nothing is said about a
   * certificate to somebody who does not hold its key.
   * @throws VigilError naming what is wrong; with `fingerprint` in `seen` as soon as it is known, for the audit.
   */
  verify(
    token: TokenSignature,
    statement: (certificateHash: Uint8Array) => Uint8Array,
    seen?: { fingerprint?: string },
  ): Promise<ProvenToken>
  /**
   * Whether a report's signature was made by the account's own token, over the document, with a certificate that is good
   * now. @throws VigilError as `verify`, or `other-account`.
   */
  verifyReportSignature(
    report: {
      documentHash: Uint8Array
      certificate: string
      signature: string
      algorithm: SignatureAlgorithm
    },
    session: { accountId: string },
  ): Promise<ProvenToken>
}

/**
 * Judges token certificates by the hospital's user CAs and revocation lists.
 * @throws Error naming the CA file that is missing or holds something else than CA certificates.
 */
export async function createTokenVerifier(
  foundation: Foundation,
  accounts: Accounts,
): Promise<TokenVerifier> {
  const { config, clock, log, store, gatewayId } = foundation
  const anchors = (await Promise.all(config.identity.userCaFiles.map(readAnchors))).flat()
  const revocation = createRevocation(config.identity.crlFiles, log)
  const intermediates = createIntermediates(store)

  async function mustBeUnrevoked(path: readonly Certificate[]): Promise<void> {
    for (const [i, certificate] of path.entries()) {
      const issuer = path[i + 1]
      if (!issuer) return
      const status = await revocation.statusOf(certificate, issuer, clock())
      if (status === 'revoked')
        throw new VigilError(i === 0 ? 'certificate-revoked' : 'certificate-untrusted')
      if (status === 'unknown' && config.identity.crlRequired) throw new VigilError('revocation-unknown')
    }
  }

  async function judge(leaf: Certificate, presented: readonly Certificate[]): Promise<ProvenToken> {
    const now = clock()
    const path = certificatePath(leaf, [...presented, ...(await intermediates.all())], anchors, now)
    if (!path) throw new VigilError('certificate-untrusted')
    if (now < leaf.notBefore) throw new VigilError('certificate-not-yet-valid', { notBefore: leaf.notBefore })
    if (now > leaf.notAfter) throw new VigilError('certificate-expired', { notAfter: leaf.notAfter })
    const why = unfitness(leaf)
    if (why) throw new VigilError('certificate-unsuitable', { why })
    await mustBeUnrevoked(path)
    const account = await accounts.ofCertificate(leaf.fingerprint)
    if (!account) throw new VigilError('account-unknown')
    if (account.bindingRevoked) throw new VigilError('certificate-revoked')
    if (account.disabled) throw new VigilError('account-disabled')
    await intermediates.remember(path.slice(1, -1))
    return { accountId: account.id, fingerprint: leaf.fingerprint, notAfter: leaf.notAfter }
  }

  const verify: TokenVerifier['verify'] = async (token, statement, seen = {}) => {
    const [leaf, ...presented] = token.certificates.map(fromBase64)
    if (!leaf) throw new VigilError('bad-request', { field: 'certificates' })
    seen.fingerprint = leaf.fingerprint
    const key = leaf.openssl.publicKey
    if (!isStrongKey(key)) throw new VigilError('certificate-unsuitable', { why: 'key-type' })
    const signed = statement(createHash('sha256').update(leaf.der).digest())
    if (!isSignedBy(key, token.algorithm, signed, Buffer.from(token.signature, 'base64'))) {
      throw new VigilError('signature-invalid')
    }
    return judge(leaf, presented)
  }

  return {
    verify,
    async verifyReportSignature({ documentHash, certificate, signature, algorithm }, session) {
      const proven = await verify({ certificates: [certificate], algorithm, signature }, (certificateHash) =>
        reportStatement({ gatewayId, documentHash, certificateHash }),
      )
      if (proven.accountId !== session.accountId) throw new VigilError('other-account')
      return proven
    },
  }
}

async function readAnchors(file: string): Promise<Certificate[]> {
  const anchors = pemCertificates(await readFile(file, 'utf8'))
  if (anchors.length === 0) throw new Error(`${file}: holds no certificate`)
  if (!anchors.every((anchor) => anchor.isCa))
    throw new Error(`${file}: holds a certificate that is not a CA's`)
  return anchors
}

/** @throws VigilError `bad-request` where it is not exactly one certificate. */
function fromBase64(text: string): Certificate {
  const der = Buffer.from(text, 'base64')
  try {
    const certificate = readCertificate(der)
    if (certificate.der.equals(der)) return certificate
  } catch {}
  throw new VigilError('bad-request', { field: 'certificates' })
}
