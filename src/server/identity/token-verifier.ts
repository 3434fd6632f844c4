import { createHash } from 'node:crypto'
import type { SignatureAlgorithm } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import { alertCheckStatement, reportStatement } from '../../shared/signing/statement.ts'
import type { Foundation } from '../foundation.ts'
import type { Accounts } from './accounts/index.ts'
import { type Certificate, readCertificate } from './certificate.ts'
import { certificatePath, unfitness } from './certificate-path.ts'
import type { Issuers } from './issuers.ts'
import type { Revocation } from './revocation/index.ts'
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

/** What goes with a signature. */
export interface Circumstances {
  /** Gets the certificate's fingerprint as soon as it is known, for the audit. */
  seen?: { fingerprint?: string }
  /** A stapled OCSP response, base64 DER. */
  ocspResponse?: string | undefined
  /** Whose the certificate is to be where no account knows it: asked only once it is trusted, fit, good and proven. */
  ifUnbound?: (certificate: Certificate) => Promise<string>
}

export interface TokenVerifier {
  /**
   * Which account's token made the signature. The signature is looked at first, so that nothing is said about a
   * certificate to somebody who does not hold its key.
   * @throws VigilError naming what is wrong; `account-unknown` with `mayBind` where only the account is missing.
   */
  verify(
    token: TokenSignature,
    statement: (certificateHash: Uint8Array) => Uint8Array,
    circumstances?: Circumstances,
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
  /** The same for a second look at alerts (双人核对): see AlertCheckFacts for what was looked at. */
  verifyAlertCheck(
    check: {
      subject: string
      contentHash: Uint8Array
      certificate: string
      signature: string
      algorithm: SignatureAlgorithm
    },
    session: { accountId: string },
  ): Promise<ProvenToken>
  /** Whether this certificate (DER), or a CA above it, was revoked since it was proven; not being told is not being revoked. */
  isRevoked(certificate: Uint8Array): Promise<boolean>
}

/** Judges token certificates by the hospital's user CAs and what is known of revocations. */
export function createTokenVerifier(
  { clock, gatewayId }: Foundation,
  deps: { accounts: Accounts; issuers: Issuers; revocation: Revocation },
): TokenVerifier {
  const { accounts, issuers, revocation } = deps

  async function pathOf(leaf: Certificate, presented: readonly Certificate[]): Promise<Certificate[] | null> {
    return certificatePath(
      leaf,
      [...presented, ...(await issuers.intermediates())],
      await issuers.anchors(),
      clock(),
    )
  }

  async function mustBeUnrevoked(path: readonly Certificate[], stapled?: string): Promise<void> {
    for (const [i, certificate] of path.entries()) {
      const issuer = path[i + 1]
      if (!issuer) return
      const status =
        i === 0
          ? await revocation.ofPerson(certificate, issuer, stapled)
          : await revocation.ofIntermediate(certificate, issuer)
      if (status === 'revoked')
        throw new VigilError(i === 0 ? 'certificate-revoked' : 'certificate-untrusted')
      if (status === 'unknown') throw new VigilError('revocation-unknown')
    }
  }

  async function judge(
    leaf: Certificate,
    presented: readonly Certificate[],
    { ocspResponse, ifUnbound }: Circumstances,
  ): Promise<ProvenToken> {
    const now = clock()
    const path = await pathOf(leaf, presented)
    if (!path) throw new VigilError('certificate-untrusted')
    if (now < leaf.notBefore) throw new VigilError('certificate-not-yet-valid', { notBefore: leaf.notBefore })
    if (now > leaf.notAfter) throw new VigilError('certificate-expired', { notAfter: leaf.notAfter })
    const why = unfitness(leaf)
    if (why) throw new VigilError('certificate-unsuitable', { why })
    await mustBeUnrevoked(path, ocspResponse)
    const account = await accounts.ofCertificate(leaf.fingerprint)
    if (account?.bindingRevoked) throw new VigilError('certificate-revoked')
    if (account?.disabled) throw new VigilError('account-disabled')
    if (account && !account.authorised) throw new VigilError('account-not-authorised')
    await issuers.remember(path.slice(1, -1))
    const { fingerprint, notAfter } = leaf
    if (account) return { accountId: account.id, fingerprint, notAfter }
    if (!ifUnbound) throw new VigilError('account-unknown', { mayBind: true })
    return { accountId: await ifUnbound(leaf), fingerprint, notAfter }
  }

  const verify: TokenVerifier['verify'] = async (token, statement, circumstances = {}) => {
    const [leaf, ...presented] = token.certificates.map(fromBase64)
    if (!leaf) throw new VigilError('bad-request', { field: 'certificates' })
    if (circumstances.seen) circumstances.seen.fingerprint = leaf.fingerprint
    const key = leaf.openssl.publicKey
    if (!isStrongKey(key)) throw new VigilError('certificate-unsuitable', { why: 'key-type' })
    const signed = statement(createHash('sha256').update(leaf.der).digest())
    if (!isSignedBy(key, token.algorithm, signed, Buffer.from(token.signature, 'base64'))) {
      throw new VigilError('signature-invalid')
    }
    return judge(leaf, presented, circumstances)
  }

  async function verifyOwn(
    { certificate, ...made }: { certificate: string; signature: string; algorithm: SignatureAlgorithm },
    session: { accountId: string },
    statement: (certificateHash: Uint8Array) => Uint8Array,
  ): Promise<ProvenToken> {
    const proven = await verify({ certificates: [certificate], ...made }, statement)
    if (proven.accountId !== session.accountId) throw new VigilError('other-account')
    return proven
  }

  return {
    verify,
    verifyReportSignature: ({ documentHash, ...made }, session) =>
      verifyOwn(made, session, (certificateHash) =>
        reportStatement({ gatewayId, documentHash, certificateHash }),
      ),
    verifyAlertCheck: ({ subject, contentHash, ...made }, session) =>
      verifyOwn(made, session, (certificateHash) =>
        alertCheckStatement({ gatewayId, subject, contentHash, certificateHash }),
      ),
    async isRevoked(der) {
      const leaf = readCertificate(Buffer.from(der))
      const path = await pathOf(leaf, [])
      for (const [i, certificate] of (path ?? []).entries()) {
        const issuer = path?.[i + 1]
        if (!issuer) return false
        const of = i === 0 ? revocation.ofPerson : revocation.ofIntermediate
        if ((await of(certificate, issuer)) === 'revoked') return true
      }
      return false
    },
  }
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
