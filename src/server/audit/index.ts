import type { Transaction } from 'kysely'
import type { AuditRow } from '../../shared/api/index.ts'
import type { AuditFault, AuditSubjectKind } from '../../shared/audit/index.ts'
import type { Schema } from '../store/index.ts'

export { type AccessAudit, createAccessAudit } from './access.ts'
export { type AuditArchive, createAuditArchive } from './archive.ts'
export { auditArchiveSource } from './archive-source.ts'
export { createCheckpointSchedule } from './checkpoint-schedule.ts'
export { CheckpointFile, type Checkpoints, createCheckpoints, isSigned } from './checkpoints.ts'
export { coverage } from './coverage.ts'
export {
  type EvidenceSigner,
  fingerprintOf,
  openEvidenceSigner,
  readEvidenceSigner,
} from './evidence-signer.ts'
export { indexOlderRecords } from './older-records.ts'
export { type AuditRecords, createAuditRecords, shownRecord } from './records.ts'
export { recordStart } from './start.ts'
export { createStretches } from './stretches.ts'
export { type Subject, subjectIndex } from './subjects.ts'
export { createAuditTrail } from './trail.ts'
export { createVerification } from './verification.ts'

/** One thing that happened. `detail` is sealed; give codes, counts and ids, and clinical text only where the change itself is the point. */
export interface AuditEntry {
  /** `<capability>.<verb>`, e.g. `sign-in.refused`, `report.signed`. */
  action: string
  outcome: 'success' | 'refused' | 'failed'
  /** Who: account, session, workstation, address; `interface` for a hospital system; `gateway` or `cli` for what it does by itself. */
  actor: {
    kind: 'account' | 'workstation' | 'gateway' | 'cli' | 'interface'
    id: string
    workstationId?: string
    sessionId?: string
    address?: string
  }
  /** What it was done to, e.g. { kind: 'report', id }. */
  object?: { kind: string; id: string }
  detail?: Record<string, unknown>
  /** What else it can be looked up by, beside actor, workstation, session and object; ids as the object's. */
  about?: readonly { kind: AuditSubjectKind; id: string }[]
}

export interface AuditVerification {
  rows: number
  /**
   * Empty where the chain is whole; otherwise the first records at which it is not, and how. A deleted or cut off record is
   * named by the number that it had. `unguarded`, of no record (0): the database no longer refuses changes by itself.
   */
  faults: { seq: number; fault: AuditFault }[]
}

/** A record for who takes it elsewhere; `hash` is its place in the chain. One that cannot be read has `detail.unreadable`. */
export interface ShippedRecord {
  row: AuditRow
  hash: string
  /** As the record holds it: plain ids, or their blind indexes. */
  about: readonly { kind: AuditSubjectKind; id: string }[]
}

/** The audit trail: append-only, hash-chained, in the same transaction as what it records. */
export interface AuditTrail {
  append(trx: Transaction<Schema>, entry: AuditEntry): Promise<void>
  /** For what changes nothing (a refusal, a read): its own transaction. */
  record(entry: AuditEntry): Promise<void>
  /** Runs `work`, within which `isRefusalRecorded` tells of this work alone. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** Whether what runs now has recorded that something was refused, or failed: who asked for it need not then. */
  isRefusalRecorded(): boolean
  /** Proves the chain and the look-up index, in slices of some milliseconds. `onRows`: how many were looked at so far. */
  verify(onRows?: (rows: number) => void): Promise<AuditVerification>
  /** The latest rows (of these actions, where given), newest first, at most 200, before `before` (a seq) where given. */
  tail(before?: number, actions?: readonly string[]): Promise<AuditRow[]>
  /** The records after a number, oldest first. */
  after(seq: number, limit: number): Promise<ShippedRecord[]>
}
