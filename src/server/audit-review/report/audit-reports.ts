import { z } from 'zod'
import {
  AuditReportKind,
  type AuditReportRow,
  type AuditShippingState,
  type GlassBreakRow,
} from '../../../shared/api/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { AuditEntry, Checkpoints, EvidenceSigner } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { DamageReports } from '../../integrity/index.ts'
import type { Protection } from '../../protection/index.ts'
import type { Acts } from '../acts.ts'
import type { Anomalies } from '../anomalies.ts'
import { dayOf, hourOf, periodOf } from '../calendar.ts'
import { contentOf } from './content.ts'
import { createTally, type Figures } from './figures.ts'
import { createKeptReportFiles, type ReportFormat } from './kept-files.ts'
import { pdfOf } from './pdf.ts'
import { signedPdf } from './pdf-signature.ts'
import { referenceWord } from './words.ts'
import { xlsxParts } from './xlsx.ts'
import { signedXlsx } from './xlsx-signature.ts'

const Kept = z.object({
  id: z.string(),
  kind: AuditReportKind,
  period: z.string(),
  madeAt: z.number(),
  /** Null where the schedule made it. */
  madeBy: z.object({ accountId: z.string(), name: z.string() }).nullable(),
  records: z.int(),
  anomalies: z.int(),
  pdfHash: z.string(),
  xlsxHash: z.string(),
})
type Kept = z.infer<typeof Kept>
const Review = z.object({
  reportId: z.string(),
  note: z.string(),
  by: z.object({ accountId: z.string(), name: z.string() }),
  at: z.number(),
})
type Person = z.infer<typeof Review>['by']

const reportPlace = (row: string) => ({ table: 'audit_reports', column: 'sealed_report', row })
const reviewPlace = (row: string) => ({ table: 'audit_report_reviews', column: 'sealed_review', row })
const words = { daily: '审计日报', monthly: '审计月报' } as const

/** Dated audit reports (审计报告): made, kept, given out and reviewed. */
export function createAuditReports(
  foundation: Pick<
    Foundation,
    'store' | 'protection' | 'audit' | 'clock' | 'random' | 'config' | 'gatewayId'
  >,
  deps: {
    /** Where the sealed files lie. */
    directory: string
    acts: Pick<Acts, 'recordsIn'>
    anomalies: Pick<Anomalies, 'list'>
    signer: EvidenceSigner
    checkpoints: Pick<Checkpoints, 'latest' | 'lastShipped'>
    shipping(): Promise<AuditShippingState | null>
    glassBreaks(): Promise<GlassBreakRow[]>
    /** What these references (`account:…`) are called. */
    namesOf(references: readonly string[]): Promise<Map<string, string>>
    damage: DamageReports
  },
) {
  const { store, protection, audit, clock, random, config, gatewayId } = foundation
  const files = createKeptReportFiles(protection, deps.directory)
  const newId = () => Buffer.from(random(12)).toString('base64url')
  /** One at a time: each reads the whole chain. */
  let queue: Promise<unknown> = Promise.resolve()

  async function write(
    { kind, period }: { kind: Kept['kind']; period: string },
    madeBy: Person | null,
    actor: AuditEntry['actor'],
  ): Promise<AuditReportRow> {
    const madeAt = clock()
    const bounds = periodOf(period)
    if (!bounds || (kind === 'daily') !== (period.length === 10) || bounds.from > madeAt)
      throw new VigilError('bad-request', { field: 'period' })
    const tally = createTally({ dayOf, hourOf })
    for await (const rows of deps.acts.recordsIn(bounds)) for (const row of rows) tally.add(row)
    const anomalies = await deps.anomalies.list(bounds)
    const checkpoint = await deps.checkpoints.latest()
    const left = await deps.checkpoints.lastShipped()
    const verified = await audit.verify()
    const names = await deps.namesOf(referencesIn(tally.figures, anomalies))
    const content = contentOf({
      kind,
      period,
      hospital: config.hospital,
      gatewayId,
      madeAt,
      madeBy: madeBy?.name ?? '',
      figures: tally.figures,
      anomalies,
      verification: {
        ...verified,
        checkpoint: checkpoint && {
          seq: checkpoint.seq,
          at: checkpoint.at,
          shippedSeq: left?.seq ?? null,
          shippedAt: left?.at ?? null,
        },
      },
      shipping: await deps.shipping(),
      glassBreaks: await deps.glassBreaks(),
      nameOf: (reference) => names.get(reference) ?? referenceWord(reference),
      timeOf,
    })
    const at = new Date(madeAt)
    const said = { at, name: `Vigil ${gatewayId}`, reason: `${words[kind]} ${period}` }
    const pdf = await signedPdf(await pdfOf(content, at), deps.signer, said)
    const xlsx = signedXlsx(await xlsxParts(content), deps.signer, at)
    const id = newId()
    try {
      const kept: Kept = {
        id,
        kind,
        period,
        madeAt,
        madeBy,
        records: tally.figures.records,
        anomalies: anomalies.length,
        pdfHash: await files.write(id, 'pdf', pdf),
        xlsxHash: await files.write(id, 'xlsx', xlsx),
      }
      await store.transaction(async (trx) => {
        await trx
          .insertInto('audit_reports')
          .values({
            id,
            kind,
            period,
            made_at: madeAt,
            sealed_report: protection.seal(reportPlace(id), JSON.stringify(kept)),
          })
          .execute()
        const { madeBy: _, madeAt: __, id: ___, ...detail } = kept
        await audit.append(trx, { ...entryOf('made', id, actor), detail })
      })
      return rowOf(kept, null)
    } catch (error) {
      await files.remove(id)
      throw error
    }
  }

  async function list(): Promise<AuditReportRow[]> {
    const rows = await store.db
      .selectFrom('audit_reports')
      .selectAll()
      .orderBy('made_at', 'desc')
      .limit(1000)
      .execute()
    const reviews = new Map<string, z.infer<typeof Review>>()
    for (const row of await store.db
      .selectFrom('audit_report_reviews')
      .selectAll()
      .orderBy('reviewed_at')
      .execute()) {
      const text = await deps.damage.opened(protection, reviewPlace(row.id), row.sealed_review)
      if (text === '') continue
      const review = Review.parse(JSON.parse(text))
      if (review.reportId === row.report_id) reviews.set(row.report_id, review)
      else await deps.damage.report(reviewPlace(row.id))
    }
    const found: AuditReportRow[] = []
    for (const row of rows) {
      const text = await deps.damage.opened(protection, reportPlace(row.id), row.sealed_report)
      if (text !== '') found.push(rowOf(Kept.parse(JSON.parse(text)), reviews.get(row.id) ?? null))
    }
    return found
  }

  /** @throws VigilError `not-found` */
  async function existing(id: string) {
    const row = await store.db.selectFrom('audit_reports').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw new VigilError('not-found', { field: 'report' })
    return row
  }

  return {
    list,
    /** @throws VigilError `bad-request` for a period that there is not, or that has not begun. */
    make(what: { kind: Kept['kind']; period: string }, by: Person | null, actor: AuditEntry['actor']) {
      const made = queue.then(() => write(what, by, actor))
      queue = made.catch(() => {})
      return made
    },
    /** True where one was made of the whole of this period. */
    async isMade({ kind, period }: { kind: Kept['kind']; period: string }): Promise<boolean> {
      const row = await store.db
        .selectFrom('audit_reports')
        .select('id')
        .where('kind', '=', kind)
        .where('period', '=', period)
        .where('made_at', '>=', periodOf(period)?.to ?? 0)
        .executeTakeFirst()
      return row !== undefined
    },
    /** The file, audited. @throws VigilError `not-found`, or that the stored one is damaged. */
    async file(id: string, format: ReportFormat, actor: AuditEntry['actor']) {
      try {
        const kept = openedReport(protection, await existing(id))
        const bytes = await files.read(id, format, format === 'pdf' ? kept.pdfHash : kept.xlsxHash)
        await audit.record({ ...entryOf('opened', id, actor), detail: { format, period: kept.period } })
        return { name: `${words[kept.kind]}-${kept.period}.${format}`, bytes }
      } catch (error) {
        throw await deps.damage.refusal(error)
      }
    },
    async review(id: string, note: string, by: Person, actor: AuditEntry['actor']): Promise<void> {
      await existing(id)
      const [row, at] = [newId(), clock()]
      await store.transaction(async (trx) => {
        await trx
          .insertInto('audit_report_reviews')
          .values({
            id: row,
            report_id: id,
            sealed_review: protection.seal(reviewPlace(row), JSON.stringify({ reportId: id, note, by, at })),
            reviewed_at: at,
          })
          .execute()
        await audit.append(trx, { ...entryOf('reviewed', id, actor), detail: { note } })
      })
    },
  }
}
export type AuditReports = ReturnType<typeof createAuditReports>

/** What is kept of a report. @throws IntegrityError where it was changed. */
export function openedReport(protection: Protection, row: { id: string; sealed_report: string }): Kept {
  return Kept.parse(JSON.parse(protection.open(reportPlace(row.id), row.sealed_report)))
}

const entryOf = (verb: string, id: string, actor: AuditEntry['actor']) => ({
  action: `audit-report.${verb}`,
  outcome: 'success' as const,
  actor,
  object: { kind: 'audit-report', id },
})

function rowOf({ madeBy, ...kept }: Kept, review: z.infer<typeof Review> | null): AuditReportRow {
  return {
    ...kept,
    madeBy: madeBy?.name ?? '',
    review: review ? { by: review.by.name, at: review.at, note: review.note } : null,
  }
}

function referencesIn(figures: Figures, anomalies: Awaited<ReturnType<Anomalies['list']>>): string[] {
  const noted = [...figures.glassBroken, ...figures.labels, ...figures.changes]
  return [
    ...figures.denials.keys(),
    ...figures.exports.keys(),
    ...noted.flatMap(({ actor, object }) => [actor, object]),
    ...anomalies.flatMap(({ account, workstation }) => [`account:${account}`, `workstation:${workstation}`]),
  ]
}

/** `2026-11-22 08:30:00` in the hospital's time. */
function timeOf(at: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const date = new Date(at)
  return `${dayOf(at)} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}
