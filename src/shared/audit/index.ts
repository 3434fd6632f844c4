import { z } from 'zod'

export { auditActionWords, auditCapabilityWords, auditKindWords, auditRefusalWords } from './words.ts'

/** What a record can be looked up by, beside its time, action and outcome. */
export const AuditSubjectKind = z.enum([
  'account',
  'workstation',
  'session',
  'patient',
  'study',
  'report',
  'order',
  'alert',
])
export type AuditSubjectKind = z.infer<typeof AuditSubjectKind>
/** `id`: as the record holds it; of a patient their patient id, of a study its UID, of an order its accession number. */
export const AuditSubject = z.strictObject({ kind: AuditSubjectKind, id: z.string().min(1).max(128) })
export type AuditSubject = z.infer<typeof AuditSubject>

/** One record as the auditor sees it. `actor` and `object` are `kind:id`. */
export const AuditRow = z.object({
  seq: z.int(),
  at: z.number(),
  action: z.string(),
  outcome: z.enum(['success', 'refused', 'failed']),
  actor: z.string(),
  /** The person's or the workstation's name, where the actor is one that is known. */
  actorName: z.string().optional(),
  /** Id of the workstation and the network address that the actor came from, where the record holds them. */
  workstation: z.string().optional(),
  workstationName: z.string().optional(),
  address: z.string().optional(),
  session: z.string().optional(),
  object: z.string(),
  /**
   * What else the record can be looked up by: patient, exam, order… `id` may be the keyed index of one (it is looked up by
   * all the same); `label` is what a person reads, a patient's name masked.
   */
  about: z
    .array(z.object({ kind: AuditSubjectKind, id: z.string(), label: z.string().optional() }))
    .optional(),
  /**
   * Whose account, session or certificate, or which workstation or study the object is, where that is known; of a route, the
   * action that it is asked for.
   */
  objectName: z.string().optional(),
  detail: z.record(z.string(), z.unknown()),
})
export type AuditRow = z.infer<typeof AuditRow>

/** How an audit chain can be wrong, told apart. `unguarded` (seq 0): the database no longer refuses changes by itself. */
export const AuditFault = z.enum([
  'changed',
  'deleted',
  'inserted',
  'reordered',
  'unreadable',
  'truncated',
  'unguarded',
  /** The look-up index of a record is not what the record says. */
  'unindexed',
])
export type AuditFault = z.infer<typeof AuditFault>

/** Signed statement of how far the chain went and by which hash; shipped off the machine. */
export const AuditCheckpoint = z.object({
  gatewayId: z.string(),
  seq: z.int().nonnegative(),
  hash: z.string(),
  at: z.number(),
  /** SHA-256 (hex) of the certificate that verifies it. */
  signer: z.string(),
  /** ECDSA P-256 with SHA-256 (DER, base64) over the canonical JSON (RFC 8785) of the rest. */
  signature: z.base64(),
})
export type AuditCheckpoint = z.infer<typeof AuditCheckpoint>

/** What deserves an auditor's look. */
export const AnomalyKind = z.enum([
  'off-hours',
  'mass-access',
  'vip-access',
  'repeated-denials',
  'break-glass',
  'new-workstation',
  'export',
])
export type AnomalyKind = z.infer<typeof AnomalyKind>

export const Anomaly = z.object({
  /** Stable: the same records give the same id. */
  id: z.string(),
  kind: AnomalyKind,
  /** Account id, and the name; empty where no person is known. */
  account: z.string(),
  accountName: z.string(),
  /** Its id; empty where none is known. */
  workstation: z.string(),
  workstationName: z.string().optional(),
  from: z.number(),
  to: z.number(),
  /** Records that it is made of. */
  count: z.int(),
  firstSeq: z.int(),
  lastSeq: z.int(),
  /** Whether it raises the alarm `anomaly` until somebody has reviewed it. */
  urgent: z.boolean(),
  /** Numbers and codes that explain it: threshold, usual hours… */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  review: z
    .object({
      by: z.string(),
      at: z.number(),
      verdict: z.enum(['harmless', 'to-follow-up']),
      note: z.string(),
    })
    .nullable(),
})
export type Anomaly = z.infer<typeof Anomaly>
