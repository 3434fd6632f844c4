import { z } from 'zod'
import { CriticalLevel, ReportSection } from '../critical/model.ts'
import { SignatureAlgorithm } from '../signing/algorithm.ts'
import { Uid } from '../study/index.ts'

/** The two sections of a radiology report: 影像所见 and 诊断意见. Plain text, LF line ends. */
export const ReportText = z.object({ findings: z.string().max(20_000), impression: z.string().max(10_000) })
export type ReportText = z.infer<typeof ReportText>

export const ReportStatus = z.enum(['none', 'draft', 'signed'])
export type ReportStatus = z.infer<typeof ReportStatus>

/** What the radiologist decided on one positive or possible finding: raise an alert, or dismiss with a reason. */
export const FindingDecision = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('alert'),
    section: ReportSection,
    start: z.int().nonnegative(),
    end: z.int().positive(),
    type: z.string(),
    content: z.string().trim().min(1).max(500),
  }),
  z.object({
    action: z.literal('dismiss'),
    section: ReportSection,
    start: z.int().nonnegative(),
    end: z.int().positive(),
    type: z.string(),
    reason: z.string().trim().min(2).max(200),
  }),
])
export type FindingDecision = z.infer<typeof FindingDecision>

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
  author: z.object({ accountId: z.string(), name: z.string() }),
  preparedAt: z.number(),
  dictionaryVersion: z.string(),
  text: ReportText,
  decisions: z.array(FindingDecision).max(500),
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

/** A draft as last saved. `revision` rises by one with each save. */
export const ReportDraft = z.object({
  text: ReportText,
  revision: z.int().nonnegative(),
  savedAt: z.number(),
})
export type ReportDraft = z.infer<typeof ReportDraft>

/** Where an alert stands on its way to the hospital's critical-value system. */
export const DeliveryState = z.enum(['queued', 'sending', 'retrying', 'delivered', 'refused'])
export type DeliveryState = z.infer<typeof DeliveryState>

/** A critical-value alert (危急值通知). `id` has at most 16 characters, because hospital interfaces have 16-character columns. */
export const Alert = z.object({
  id: z.string().min(1).max(16),
  studyInstanceUid: Uid,
  accessionNumber: z.string(),
  patientName: z.string(),
  type: z.string(),
  typeName: z.string(),
  level: CriticalLevel,
  content: z.string(),
  keyword: z.string(),
  raisedAt: z.number(),
  raisedBy: z.string(),
  delivery: z.object({
    state: DeliveryState,
    target: z.string(),
    attempts: z.int(),
    lastError: z.string().nullable(),
    nextAttemptAt: z.number().nullable(),
    deliveredAt: z.number().nullable(),
  }),
})
export type Alert = z.infer<typeof Alert>
