import type { Transaction } from 'kysely'
import { z } from 'zod'
import { ReportStep } from '../../shared/report/index.ts'
import { IntegrityError, type Place, type Protection } from '../protection/index.ts'
import type { Queries, Schema } from '../store/index.ts'

const SealedStep = z.object({ reportId: z.string(), step: ReportStep })

const place = (row: string): Place => ({ table: 'report_steps', column: 'sealed_step', row })

/** Steps are numbered within their report: one that is gone is missed, and of two that happen at once one fails. */
const stepId = (reportId: string, number: number) => `${reportId}.${String(number).padStart(6, '0')}`

/** What happened to a report before its signatures, oldest first. @throws IntegrityError where a step was changed or is gone. */
export async function readSteps(
  queries: Queries,
  protection: Protection,
  reportId: string,
): Promise<ReportStep[]> {
  const rows = await queries
    .selectFrom('report_steps')
    .selectAll()
    .where('report_id', '=', reportId)
    .orderBy('id')
    .execute()
  return rows.map((row, index) => {
    const { reportId: of, step } = SealedStep.parse(
      JSON.parse(protection.open(place(row.id), row.sealed_step)),
    )
    const expected = stepId(reportId, index + 1)
    if (row.id !== expected || step.id !== row.id || of !== row.report_id || step.at !== row.created_at)
      throw new IntegrityError(place(row.id))
    return step
  })
}

export async function writeStep(
  trx: Transaction<Schema>,
  protection: Protection,
  reportId: string,
  happened: Omit<ReportStep, 'id'>,
): Promise<void> {
  const { count } = await trx
    .selectFrom('report_steps')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('report_id', '=', reportId)
    .executeTakeFirstOrThrow()
  const id = stepId(reportId, Number(count) + 1)
  const step: ReportStep = { id, ...happened }
  await trx
    .insertInto('report_steps')
    .values({
      id,
      report_id: reportId,
      sealed_step: protection.seal(place(id), JSON.stringify({ reportId, step })),
      created_at: step.at,
    })
    .execute()
}
