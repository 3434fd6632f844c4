import { CompiledQuery, type Transaction } from 'kysely'
import { AuditSubjectKind } from '../../shared/audit/index.ts'
import { accessionIndex, type Protection, patientIndex, studyIndex } from '../protection/index.ts'
import type { Queries, Schema } from '../store/index.ts'
import type { AuditEntry } from './index.ts'

/** What a record names, as a caller or a record words it. */
export interface Subject {
  kind: AuditSubjectKind
  /**
   * Of a patient the patient id, of a study its UID, of an order its accession number: or the blind index of one of these,
   * which is what most tables hold.
   */
  id: string
}

/** HMAC-SHA-256 as base64url: what every blind index looks like, and no UID, accession number or patient id of this world. */
const blindIndex = /^(?:\d+\.)?[A-Za-z0-9_-]{43}$/

/**
 * The key under which records that name a subject are found in `audit_subjects`. A study named by its UID and one named by its
 * blind index give the same key; so with patients and orders. For who writes and for who searches.
 */
export function subjectIndex(protection: Protection, { kind, id }: Subject): string {
  return protection.blindIndex('audit-subject', `${kind}:${stableId(protection, kind, id)}`)
}

function stableId(protection: Protection, kind: AuditSubjectKind, id: string): string {
  if (blindIndex.test(id)) return id
  if (kind === 'study') return studyIndex(protection, id)
  if (kind === 'patient') return patientIndex(protection, id)
  if (kind === 'order') return accessionIndex(protection, id)
  return id
}

/** Everything that a record can be looked up by: its actor, workstation and session, its object, and what it is about. */
export function subjectsOf({ actor, object, about = [] }: Pick<AuditEntry, 'actor' | 'object' | 'about'>) {
  const named: { kind: string; id: string | undefined }[] = [
    { kind: actor.kind, id: actor.id },
    { kind: 'workstation', id: actor.workstationId },
    { kind: 'session', id: actor.sessionId },
    ...(object ? [object] : []),
    ...about,
  ]
  const subjects: Subject[] = []
  for (const { kind, id } of named) {
    const known = AuditSubjectKind.safeParse(kind)
    if (known.success && id) subjects.push({ kind: known.data, id })
  }
  return subjects
}

/** The keys of {@link subjectsOf}, each once. */
export function indexesOf(
  protection: Protection,
  entry: Pick<AuditEntry, 'actor' | 'object' | 'about'>,
): string[] {
  return [...new Set(subjectsOf(entry).map((subject) => subjectIndex(protection, subject)))]
}

/** One statement whatever their number: it is prepared once. */
export async function writeSubjects(
  trx: Transaction<Schema>,
  seq: number,
  subjects: readonly string[],
): Promise<void> {
  if (subjects.length === 0) return
  await trx.executeQuery(
    CompiledQuery.raw(
      'insert or ignore into audit_subjects (subject, seq) select value, ? from json_each(?)',
      [seq, JSON.stringify(subjects)],
    ),
  )
}

/** How many of these stand in the index for the record. */
export async function countSubjects(db: Queries, seq: number, subjects: readonly string[]): Promise<number> {
  const { rows } = await db.executeQuery<{ found: number }>(
    CompiledQuery.raw(
      'select count(*) as found from audit_subjects where seq = ? and subject in (select value from json_each(?))',
      [seq, JSON.stringify(subjects)],
    ),
  )
  return rows[0]?.found ?? 0
}
