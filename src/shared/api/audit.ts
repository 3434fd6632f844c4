import { z } from 'zod'
import { Anomaly, AuditFault, AuditRow, AuditSubject } from '../audit/index.ts'
import { ReportStep } from '../report/index.ts'
import type { Route } from './route.ts'

const done = z.object({})
const session = <const R extends Omit<Route, 'principal'>>(route: R) => ({
  ...route,
  principal: 'session' as const,
})
const under = '/v1/audit'

/** All given conditions hold together. Times are epoch ms, `to` exclusive. It is asked by POST: a query string ends up in logs. */
export const AuditQuery = z.strictObject({
  from: z.number().optional(),
  to: z.number().optional(),
  /** Whole actions (`report.signed`), or a capability's (`report.`). */
  actions: z.array(z.string().min(1).max(60)).max(50).default([]),
  outcomes: z
    .array(z.enum(['success', 'refused', 'failed']))
    .max(3)
    .default([]),
  /** Records that name every one of these. */
  subjects: z.array(AuditSubject).max(4).default([]),
  order: z.enum(['newest', 'oldest']).default('newest'),
  /** Where to go on: the last page's `next`. */
  after: z.int().positive().optional(),
  limit: z.int().min(1).max(500).default(200),
})
export type AuditQuery = z.infer<typeof AuditQuery>

/** `next` is null at the end; `searched` is how far the look went where it stopped early, so that the window can say so. */
export const AuditPage = z.object({
  rows: z.array(AuditRow),
  next: z.int().nullable(),
})
export type AuditPage = z.infer<typeof AuditPage>

/** Who or what a person typed may be: people, workstations, patients, exams. Names of patients are masked. */
export const AuditCandidate = z.object({ subject: AuditSubject, label: z.string(), hint: z.string() })
export type AuditCandidate = z.infer<typeof AuditCandidate>

/** A report's every version and step, for before-and-after. The patient's name is masked. */
export const AuditedReport = z.object({
  reportId: z.string(),
  accessionNumber: z.string(),
  patient: z.string(),
  itemName: z.string(),
  versions: z.array(
    z.object({
      version: z.int(),
      signedAt: z.number(),
      author: z.string(),
      reason: z.string(),
      sections: z.array(z.object({ name: z.string(), text: z.string() })),
      /** Of the stored signature over the stored document. */
      intact: z.boolean(),
    }),
  ),
  steps: z.array(ReportStep),
})
export type AuditedReport = z.infer<typeof AuditedReport>

export const AuditVerificationState = z.object({
  running: z.boolean(),
  rows: z.int(),
  total: z.int(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  faults: z.array(z.object({ seq: z.int(), fault: AuditFault })),
  /** The newest checkpoint that was signed, and the newest that left the machine. */
  checkpoint: z
    .object({
      seq: z.int(),
      at: z.number(),
      shippedSeq: z.int().nullable(),
      shippedAt: z.number().nullable(),
    })
    .nullable(),
})
export type AuditVerificationState = z.infer<typeof AuditVerificationState>

/** How the copies to the log server stand. */
export const AuditShippingState = z.object({
  /** Null where no receiver is configured. */
  receiver: z.string().nullable(),
  shippedSeq: z.int(),
  lastShippedAt: z.number().nullable(),
  waiting: z.int(),
  oldestWaitingAt: z.number().nullable(),
  stalledSince: z.number().nullable(),
  /** A code, e.g. `unreachable`, `untrusted`, `closed`; null while it works. */
  lastError: z.string().nullable(),
})
export type AuditShippingState = z.infer<typeof AuditShippingState>

export const AuditReportKind = z.enum(['daily', 'monthly'])
export type AuditReportKind = z.infer<typeof AuditReportKind>

/** A dated audit report (审计报告): PDF and XLSX of the same figures, signed by the gateway. */
export const AuditReportRow = z.object({
  id: z.string(),
  kind: AuditReportKind,
  /** `2026-11-22` or `2026-11`, in the hospital's time. */
  period: z.string(),
  madeAt: z.number(),
  /** Account name, or empty where the schedule made it. */
  madeBy: z.string(),
  records: z.int(),
  anomalies: z.int(),
  /** SHA-256, hex. */
  pdfHash: z.string(),
  xlsxHash: z.string(),
  review: z.object({ by: z.string(), at: z.number(), note: z.string() }).nullable(),
})
export type AuditReportRow = z.infer<typeof AuditReportRow>

/** The auditor's routes. Each call is audited itself; nobody else has them. */
export const auditApi = {
  searchAudit: session({
    method: 'POST',
    path: `${under}/search`,
    permission: 'audit.read',
    body: AuditQuery,
    response: AuditPage,
  }),
  auditCandidates: session({
    method: 'POST',
    path: `${under}/candidates`,
    permission: 'audit.read',
    body: z.strictObject({ text: z.string().trim().min(1).max(64) }),
    response: z.array(AuditCandidate),
  }),
  auditedReport: session({
    method: 'GET',
    path: `${under}/reports/:report`,
    permission: 'audit.read',
    params: z.object({ report: z.string().min(1).max(64) }),
    response: AuditedReport,
  }),
  anomalies: session({
    method: 'GET',
    path: `${under}/anomalies`,
    permission: 'audit.read',
    query: z.object({ from: z.coerce.number(), to: z.coerce.number() }),
    response: z.array(Anomaly),
  }),
  reviewAnomaly: session({
    method: 'POST',
    path: `${under}/anomalies/:id/review`,
    permission: 'audit.review',
    params: z.object({ id: z.string().min(1).max(64) }),
    body: z.strictObject({
      verdict: z.enum(['harmless', 'to-follow-up']),
      note: z.string().trim().min(2).max(300),
    }),
    response: done,
  }),
  auditVerification: session({
    method: 'GET',
    path: `${under}/verification`,
    permission: 'audit.read',
    response: AuditVerificationState,
  }),
  /** Begins one where none runs. */
  verifyAudit: session({
    method: 'POST',
    path: `${under}/verification`,
    permission: 'audit.read',
    response: AuditVerificationState,
  }),
  auditShipping: session({
    method: 'GET',
    path: `${under}/shipping`,
    permission: 'audit.read',
    response: AuditShippingState,
  }),
  auditReports: session({
    method: 'GET',
    path: `${under}/summaries`,
    permission: 'audit.read',
    response: z.array(AuditReportRow),
  }),
  makeAuditReport: session({
    method: 'POST',
    path: `${under}/summaries`,
    permission: 'audit.read',
    body: z.strictObject({ kind: AuditReportKind, period: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/) }),
    response: AuditReportRow,
  }),
  /** The file: PDF (PDF/A-like, embedded fonts) or XLSX. */
  auditReportFile: session({
    method: 'GET',
    path: `${under}/summaries/:id/:format`,
    permission: 'audit.read',
    params: z.object({ id: z.string().min(1).max(64), format: z.enum(['pdf', 'xlsx']) }),
    response: z.object({
      /** Of a file, without a folder: it is where saving begins. */
      name: z
        .string()
        .max(120)
        .regex(/^[^\\/:*?"<>|\p{C}]+$/u),
      base64: z.base64(),
    }),
  }),
  reviewAuditReport: session({
    method: 'POST',
    path: `${under}/summaries/:id/review`,
    permission: 'audit.review',
    params: z.object({ id: z.string().min(1).max(64) }),
    body: z.strictObject({ note: z.string().trim().min(2).max(300) }),
    response: done,
  }),
} as const satisfies Record<string, Route>
