import { createHash } from 'node:crypto'
import { VigilError } from '../../shared/errors/index.ts'
import { canonicalReport } from '../../shared/report/canonical.ts'
import type {
  Amendment,
  KeyImage,
  ReportDocument,
  ReportText,
  SignedReport,
} from '../../shared/report/index.ts'
import { reportStatement } from '../../shared/signing/statement.ts'
import { sameKeyImages, sameText } from '../drafts/index.ts'
import type { TokenSignature } from '../tokens/index.ts'

/** What the document must say of whom and what it is for; all of it is known here without the gateway. */
export interface Expected {
  study: string
  gatewayId: string
  accountId: string
  /** What was asked for: null for a first version. */
  amendment: Amendment | null
  /** Null where the gateway was to take those of its draft. */
  keyImages: readonly KeyImage[] | null
}

/**
 * Whether the gateway's document is the text that the user sent, for this study, by this user, for the reason given: what you see is what
 * you sign.
 * @throws VigilError report-changed
 */
export function checkDocument(document: ReportDocument, text: ReportText, expected: Expected): void {
  const right =
    sameText(document.text, text) &&
    document.studyInstanceUid === expected.study &&
    document.gatewayId === expected.gatewayId &&
    document.author.accountId === expected.accountId &&
    (!expected.keyImages || sameKeyImages(document.keyImages ?? [], expected.keyImages)) &&
    document.amendment?.kind === expected.amendment?.kind &&
    document.amendment?.reason === expected.amendment?.reason
  if (!right) throw new VigilError('report-changed', { reason: 'document' })
}

/**
 * The document to sign: the one that the gateway prepared, with the user's decisions. `shown` is what the window says
 * it showed; it must be the prepared one.
 * @throws VigilError report-changed
 */
export function decidedDocument(
  prepared: ReportDocument | undefined,
  shown: ReportDocument,
  decided: Pick<ReportDocument, 'decisions' | 'standing'>,
): ReportDocument {
  if (!prepared) throw new VigilError('report-changed', { reason: 'not-prepared' })
  const undecided = (document: ReportDocument) =>
    canonicalReport({ ...document, decisions: [], standing: [] })
  if (undecided(prepared) !== undecided(shown)) throw new VigilError('report-changed', { reason: 'document' })
  return { ...prepared, ...decided }
}

/** The bytes that the token signs for a document. */
export function statementFor(document: ReportDocument, certificate: Uint8Array): Uint8Array {
  return reportStatement({
    gatewayId: document.gatewayId,
    documentHash: createHash('sha256').update(canonicalReport(document), 'utf8').digest(),
    certificateHash: createHash('sha256').update(certificate).digest(),
  })
}

/** The signed version as it goes to the gateway. */
export function signedVersion(
  document: ReportDocument,
  { certificates, algorithm, signature }: TokenSignature,
): Omit<SignedReport, 'signedAt'> {
  return {
    document,
    signature: Buffer.from(signature).toString('base64'),
    algorithm,
    certificate: Buffer.from(certificates[0] ?? []).toString('base64'),
  }
}
