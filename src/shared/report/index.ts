import { z } from 'zod'
import { ProtectedField } from '../access/fields.ts'
import { Recipient } from '../alert/recipient.ts'
import { CriticalLevel, ReportSection } from '../critical/model.ts'
import { ExamContext } from '../critical/scope.ts'
import { SignatureAlgorithm } from '../signing/algorithm.ts'
import { Uid } from '../study/index.ts'
import { KeyImages } from './key-image.ts'
import { ReportStage } from './review.ts'
import { ReportText } from './text.ts'

export * from './key-image.ts'
export * from './review.ts'
export * from './text.ts'

export const ReportStatus = z.enum(['none', 'draft', 'submitted', 'reviewing', 'rejected', 'signed'])
export type ReportStatus = z.infer<typeof ReportStatus>

const decided = {
  section: ReportSection,
  start: z.int().nonnegative(),
  end: z.int().positive(),
  /** The finding's own type, by which the decision meets it; the alert's, where the finding was added by hand. */
  type: z.string(),
}

/**
 * What the radiologist decided on one positive or possible finding: raise an alert, or dismiss with a reason. What the
 * alert says (its type, level, words and recipient) is theirs to change.
 */
export const FindingDecision = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('alert'),
    ...decided,
    alertType: z.string(),
    level: CriticalLevel,
    content: z.string().trim().min(1).max(500),
    recipient: Recipient,
    /** Id of an earlier alert for the same patient and finding, that this one repeats all the same; null where there is none. */
    repeats: z.string().max(16).nullable(),
  }),
  z.object({ action: z.literal('dismiss'), ...decided, reason: z.string().trim().min(2).max(200) }),
])
export type FindingDecision = z.infer<typeof FindingDecision>

/** On an alert of an earlier version whose finding the new version no longer has: withdraw it, or let it stand; why. */
export const StandingDecision = z.object({
  alertId: z.string().max(16),
  action: z.enum(['withdraw', 'keep']),
  reason: z.string().trim().min(2).max(200),
})
export type StandingDecision = z.infer<typeof StandingDecision>

/** Why there is a version after the first: something was left out (补充), or was wrong (更正). */
export const Amendment = z.object({
  kind: z.enum(['addendum', 'correction']),
  reason: z.string().trim().min(2).max(200),
})
export type Amendment = z.infer<typeof Amendment>

/** An amendment while it is being written: its reason may be unfinished. Kept with the draft. */
export const DraftAmendment = z.object({ kind: Amendment.shape.kind, reason: z.string().max(200) })
export type DraftAmendment = z.infer<typeof DraftAmendment>

/**
 * The document that a report signature covers, byte for byte as RFC 8785 canonical JSON.
 * `previous` is the SHA-256 (hex) of the canonical form of the version before, null for the first.
 */
export const ReportDocument = z.object({
  schema: z.literal('vigil/report/v1'),
  reportId: z.string(),
  version: z.int().positive(),
  previous: z.string().nullable(),
  gatewayId: z.string(),
  studyInstanceUid: Uid,
  accessionNumber: z.string(),
  patientId: z.string(),
  patientName: z.string(),
  /** Who signs: 审核医师 where `writtenBy` is another, else 报告医师 and 审核医师 in one. */
  author: z.object({ accountId: z.string(), name: z.string() }),
  /** Who wrote what the author reviewed; absent where the author wrote it alone. */
  writtenBy: z.object({ accountId: z.string(), name: z.string(), submittedAt: z.number() }).optional(),
  /** Absent where there are none. */
  keyImages: KeyImages.min(1).optional(),
  preparedAt: z.number(),
  dictionaryVersion: z.string(),
  /** What is known of the exam at sign-off: the facts by which the dictionary's scopes were judged. */
  exam: ExamContext,
  text: ReportText,
  /** Null for the first version. */
  amendment: Amendment.nullable(),
  decisions: z.array(FindingDecision).max(500),
  standing: z.array(StandingDecision).max(500),
})
export type ReportDocument = z.infer<typeof ReportDocument>

/** A report version as stored: the document, its signature and the certificate that made it. */
export const SignedReport = z.object({
  document: ReportDocument,
  /** base64 */
  signature: z.string(),
  algorithm: SignatureAlgorithm,
  /** base64 DER */
  certificate: z.string(),
  signedAt: z.number(),
})
export type SignedReport = z.infer<typeof SignedReport>

/** A signed version as a person is shown it. */
export const ShownReport = SignedReport.extend({
  /**
   * Where fields of it are masked for their clearance: which, and the SHA-256 (hex) of the document that was signed. It is no
   * evidence then: its signature does not verify.
   */
  veiled: z.object({ fields: z.array(ProtectedField), digest: z.string() }).optional(),
})
export type ShownReport = z.infer<typeof ShownReport>

/** A draft as last saved. `revision` rises by one with each save. */
export const ReportDraft = z.object({
  text: ReportText,
  revision: z.int().nonnegative(),
  savedAt: z.number(),
  /** On a report that is signed already: what the draft is for. */
  amendment: DraftAmendment.optional(),
  stage: ReportStage.default('writing'),
  keyImages: KeyImages.default([]),
})
export type ReportDraft = z.infer<typeof ReportDraft>
