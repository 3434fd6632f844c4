import type { Transaction } from 'kysely'
import type { AuditEntry } from '../audit/index.ts'
import { IntegrityError, type Place, type Protection } from '../protection/index.ts'
import type { Queries, Schema } from '../store/index.ts'
import type { refusalOf } from './stage.ts'

/** The report of a study: its id follows from the study, so that a report has its id before it has a row. */
export function reportIdOf(protection: Protection, studyInstanceUid: string): string {
  return protection.blindIndex('report-of-study', studyInstanceUid).slice(0, 22)
}

/** Where a report stands, from its rows: a signed version outranks whatever the status column says. */
export interface Standing {
  report: Pick<Schema['reports'], 'id' | 'created_at' | 'sealed_study'> | null
  draft: Schema['report_drafts'] | null
  lastVersion: Pick<Schema['report_versions'], 'version' | 'document_hash'> | null
}

export async function standingOf(queries: Queries, reportId: string): Promise<Standing> {
  const report = await queries
    .selectFrom('reports')
    .select(['id', 'created_at', 'sealed_study'])
    .where('id', '=', reportId)
    .executeTakeFirst()
  const draft = await queries
    .selectFrom('report_drafts')
    .selectAll()
    .where('report_id', '=', reportId)
    .executeTakeFirst()
  const lastVersion = await queries
    .selectFrom('report_versions')
    .select(['version', 'document_hash'])
    .where('report_id', '=', reportId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return { report: report ?? null, draft: draft ?? null, lastVersion: lastVersion ?? null }
}

/** Why somebody may not do what they wanted with a draft, and the draft that it was decided by. */
export interface Refused {
  refused: NonNullable<ReturnType<typeof refusalOf>>
  draft: Schema['report_drafts'] | null
}

/** Who reports an exam follows whoever holds its draft (src/server/claims); null where nobody does. */
export interface Claims {
  follow(
    trx: Transaction<Schema>,
    exam: { studyInstanceUid: string; holder: string | null },
    actor: AuditEntry['actor'],
  ): Promise<void>
}

const studyPlace = (row: string): Place => ({ table: 'reports', column: 'sealed_study', row })

/** @throws IntegrityError where the report's row says that it is of another study. */
export function mustBeOf(studyInstanceUid: string, { report }: Standing, protection: Protection): void {
  if (!report || protection.open(studyPlace(report.id), report.sealed_study) === studyInstanceUid) return
  throw new IntegrityError(studyPlace(report.id))
}

/** Adds the report's row where it has none. */
export async function ensureReport(
  queries: Queries,
  protection: Protection,
  report: { id: string; studyInstanceUid: string; studyIndex: string; at: number },
): Promise<void> {
  await queries
    .insertInto('reports')
    .values({
      id: report.id,
      study_index: report.studyIndex,
      sealed_study: protection.seal(studyPlace(report.id), report.studyInstanceUid),
      status: 'draft',
      created_at: report.at,
      updated_at: report.at,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}
