import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { canonicalReport } from '../../shared/report/canonical.ts'
import type { ReportDocument } from '../../shared/report/index.ts'
import { reportStatement } from '../../shared/signing/statement.ts'
import {
  certificatePath,
  type IssuerCertificate,
  isSignedBy,
  readCertificate,
  unfitness,
} from '../identity/index.ts'
import type { Brought } from './read.ts'

/** One thing that was looked at. `null` where it could not be, for want of something; that is no fault. */
export interface Check {
  /** Of which version; null for what is about all of them. */
  version: number | null
  what:
    | 'document'
    | 'signature'
    | 'certificate-chain'
    | 'certificate-validity'
    | 'certificate-use'
    | 'signing-time'
    | 'version-chain'
    | 'key-images'
  holds: boolean | null
  /** Why not, or what is missing; a fixed word, never a value of the file. */
  why?: string
}

export interface Verification {
  versions: { document: ReportDocument; signedAt: number; signer: string; issuer: string }[]
  checks: Check[]
  /** True where nothing that was looked at fails, and the signature and its certificate could be looked at. */
  holds: boolean
}

/** A document that was prepared can be signed for so long (src/server/reports/issued-documents.ts), and a clock may be set meanwhile. */
const longestSigningMs = 20 * 60_000

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest()

/**
 * Verifies signed versions by themselves: what each signature covers, whose it is and whether the certificate was good then;
 * that the versions follow one another; and that key images are those that were signed. Whether a certificate was revoked is not
 * asked here: the gateway asked when it was signed.
 */
export function verifyReports(
  brought: readonly Brought[],
  trust: { anchors: readonly IssuerCertificate[]; intermediates: readonly IssuerCertificate[] },
  images: readonly Uint8Array[],
): Verification {
  const ordered = [...brought].sort((a, b) => a.report.document.version - b.report.document.version)
  const checked = ordered.map((one) => verifyOne(one, trust))
  const checks = [
    ...checked.flatMap((one) => one.checks),
    chainOf(ordered),
    ...keyImageChecks(ordered, images),
  ]
  const proven = checks.filter(({ what }) => what === 'signature' || what === 'certificate-chain')
  return {
    versions: checked.map(({ version }) => version),
    checks,
    holds: checks.every(({ holds }) => holds !== false) && proven.every(({ holds }) => holds === true),
  }
}

function verifyOne(
  { report, raw }: Brought,
  {
    anchors,
    intermediates,
  }: { anchors: readonly IssuerCertificate[]; intermediates: readonly IssuerCertificate[] },
) {
  const { document, signedAt } = report
  const { version } = document
  const check = (what: Check['what'], holds: boolean | null, why?: string): Check =>
    why === undefined || holds === true ? { version, what, holds } : { version, what, holds, why }
  const canonical = canonicalOrNull(document)
  const der = Buffer.from(report.certificate, 'base64')
  const leaf = readOrNull(der)
  const exact = canonical !== null && canonicalOf(raw) === canonical
  const signed =
    canonical !== null &&
    leaf?.der.equals(der) === true &&
    isSignedBy(
      leaf.openssl.publicKey,
      report.algorithm,
      reportStatement({
        gatewayId: document.gatewayId,
        documentHash: sha256(canonical),
        certificateHash: sha256(der),
      }),
      Buffer.from(report.signature, 'base64'),
    )
  const checks = [
    check('document', exact, 'holds what the signature does not cover'),
    check('signature', signed, leaf ? 'not made over this document with this certificate' : 'no certificate'),
  ]
  // Beside the signature, not under it: it must fit the time that is.
  const took = signedAt - document.preparedAt
  checks.push(
    check('signing-time', took >= 0 && took <= longestSigningMs, 'not when the document was prepared'),
  )
  const path = leaf && certificatePath(leaf, intermediates, anchors, signedAt)
  checks.push(
    anchors.length === 0
      ? check('certificate-chain', null, 'no CA was given')
      : check(
          'certificate-chain',
          path !== null,
          'not from a CA that was given, or the CA was not valid then',
        ),
  )
  if (leaf) {
    const valid = [document.preparedAt, signedAt].every((at) => at >= leaf.notBefore && at <= leaf.notAfter)
    checks.push(check('certificate-validity', valid, 'not valid when it was signed'))
    checks.push(check('certificate-use', unfitness(leaf) === null, unfitness(leaf) ?? ''))
  }
  const signer = leaf?.subject ?? ''
  const issuer = path?.at(-1)?.subject ?? ''
  return { version: { document, signedAt, signer, issuer }, checks }
}

/** Whether the versions are of one report, and each names the one before by its hash. */
function chainOf(ordered: readonly Brought[]): Check {
  const documents = ordered.map(({ report }) => report.document)
  const check = (holds: boolean | null, why?: string): Check =>
    why === undefined
      ? { version: null, what: 'version-chain', holds }
      : { version: null, what: 'version-chain', holds, why }
  const [first] = documents
  if (!first) return check(null, 'no version')
  let missing = false
  for (const [index, document] of documents.entries()) {
    const before = documents[index - 1]
    const same =
      document.reportId === first.reportId &&
      document.gatewayId === first.gatewayId &&
      document.studyInstanceUid === first.studyInstanceUid
    if (!same) return check(false, 'versions of different reports')
    if ((document.version === 1) !== (document.previous === null))
      return check(false, 'a version names no version before')
    if (!before) missing ||= document.version !== 1
    else if (before.version === document.version) return check(false, 'two of one version')
    else if (before.version + 1 !== document.version) missing = true
    else if (document.previous !== sha256(canonicalOrNull(before) ?? '').toString('hex'))
      return check(false, 'a version does not follow the one before')
  }
  return missing ? check(null, 'a version before was not given') : check(true)
}

function keyImageChecks(ordered: readonly Brought[], images: readonly Uint8Array[]): Check[] {
  const given = new Set(images.map((image) => sha256(image).toString('hex')))
  const named = new Set<string>()
  const checks = ordered.flatMap(({ report: { document } }): Check[] => {
    const ids = document.keyImages?.map(({ id }) => id) ?? []
    for (const id of ids) named.add(id)
    if (ids.length === 0) return []
    const about = { version: document.version, what: 'key-images' as const }
    const there = ids.filter((id) => given.has(id)).length
    if (there === ids.length) return [{ ...about, holds: true }]
    return [{ ...about, holds: null, why: `${there} of ${ids.length} given` }]
  })
  if ([...given].every((id) => named.has(id))) return checks
  return [
    ...checks,
    { version: null, what: 'key-images', holds: false, why: 'an image that no version names' },
  ]
}

function canonicalOrNull(document: ReportDocument): string | null {
  try {
    return canonicalReport(document)
  } catch {
    return null
  }
}

function canonicalOf(raw: unknown): string | null {
  try {
    return canonicalize(raw) ?? null
  } catch {
    return null
  }
}

function readOrNull(der: Buffer): IssuerCertificate | null {
  try {
    return readCertificate(der)
  } catch {
    return null
  }
}
