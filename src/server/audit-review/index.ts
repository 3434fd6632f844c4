import type { Logger } from 'pino'
import type { Sensitivity } from '../../shared/access/index.ts'
import type { AuditQuery, AuditShippingState, GlassBreakRow } from '../../shared/api/index.ts'
import { createNames, withNames } from '../administration/index.ts'
import type { Archive } from '../archive/index.ts'
import { type AuditEntry, type Checkpoints, createAuditRecords, type EvidenceSigner } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { Accounts } from '../identity/index.ts'
import { createDamageReports } from '../integrity/index.ts'
import type { Orders } from '../orders/index.ts'
import { createActs } from './acts.ts'
import { createAnomalies } from './anomalies.ts'
import type { AnomalyRules } from './anomaly-rules.ts'
import { createArchivedExams } from './archived-exams.ts'
import { createAuditedReports } from './audited-report.ts'
import { createCandidates } from './candidates.ts'
import { createExamLabels, examLabel, keyOf } from './exam-labels.ts'
import { findRecords } from './find.ts'
import { createRelated } from './related.ts'
import { createAuditReports } from './report/audit-reports.ts'
import { createReportSchedule } from './report/schedule.ts'

export { pdfSigner } from './report/pdf-signature.ts'
export { auditReportSource } from './report/scrub-source.ts'
export { xlsxSigner } from './report/xlsx-signature.ts'

type AuditReviewRoute =
  | 'searchAudit'
  | 'auditCandidates'
  | 'auditedReport'
  | 'anomalies'
  | 'reviewAnomaly'
  | 'auditReports'
  | 'makeAuditReport'
  | 'auditReportFile'
  | 'reviewAuditReport'

export interface AuditReviewDeps {
  accounts: Pick<Accounts, 'list' | 'displayNames'>
  archive: Pick<Archive, 'studies' | 'onChange'>
  orders: Pick<Orders, 'newest' | 'byAccession' | 'patientsOf'>
  /** The label in force of a study. */
  labelOf(studyInstanceUid: string): Promise<Sensitivity>
  evidence: EvidenceSigner
  checkpoints: Pick<Checkpoints, 'latest' | 'lastShipped'>
  shipping(): Promise<AuditShippingState | null>
  /** Broken glass, with what the security officer said to it. */
  glassBreaks(): Promise<GlassBreakRow[]>
  /** Where audit reports lie. */
  directory: string
  log: Logger
  rules?: AnomalyRules
}

const watchEveryMs = 15 * 60_000
/** The first look reads what habits are learned from; it waits until a gateway that starts has its hands free. */
const firstWatchAfterMs = 60_000

/**
 * What the auditor works with: search, before-and-after, anomalies, audit reports (docs/data-protection/audit-review.md). Every
 * look is recorded itself; nothing here, and no setting, ends or changes the recording.
 */
export function createAuditReview(foundation: Foundation, deps: AuditReviewDeps) {
  const { store, protection, audit, clock, gatewayId } = foundation
  const { accounts, orders, log } = deps
  const damage = createDamageReports(foundation)
  const names = createNames(foundation, accounts.displayNames)
  const archived = createArchivedExams(protection, deps.archive)
  const labels = createExamLabels(foundation, { archived, damage })
  const records = createAuditRecords(foundation, { damage })
  const keysOf = createRelated(foundation, { patientsOf: orders.patientsOf, archived })
  const acts = createActs(foundation, {
    records,
    labelOf: async (index, known) => {
      const uid = known ?? (await archived.byStudy()).get(index)?.studyInstanceUid
      return uid === undefined ? 'general' : deps.labelOf(uid)
    },
  })
  const people = accounts.displayNames
  const anomalies = createAnomalies(foundation, {
    acts,
    keysOf,
    people,
    workstations: names.workstations,
    damage,
    ...(deps.rules ? { rules: deps.rules } : {}),
  })
  const candidates = createCandidates(foundation, {
    accounts: accounts.list,
    workstations: names.workstations,
    orders,
    archived,
    labels,
  })
  const auditedReport = createAuditedReports(foundation, { labels, damage })
  const reports = createAuditReports(foundation, {
    directory: deps.directory,
    acts,
    anomalies,
    signer: deps.evidence,
    checkpoints: deps.checkpoints,
    shipping: deps.shipping,
    glassBreaks: deps.glassBreaks,
    namesOf,
    damage,
  })
  const schedule = createReportSchedule({ reports, firstRecordAt, gatewayId, clock, log })

  async function namesOf(references: readonly string[]): Promise<Map<string, string>> {
    const split = references.map((reference) => {
      const at = reference.indexOf(':')
      return { kind: reference.slice(0, Math.max(0, at)), id: reference.slice(at + 1) }
    })
    const exams = await labels.facts(split)
    const known = new Map<string, string>()
    for (const [id, name] of await people()) known.set(`account:${id}`, name)
    for (const [id, name] of await names.workstations()) known.set(`workstation:${id}`, name)
    for (const reference of split) {
      const exam = exams.get(keyOf(reference))
      if (exam) known.set(keyOf(reference), examLabel(exam))
    }
    return known
  }

  async function firstRecordAt(): Promise<number | null> {
    const first = await store.db.selectFrom('audit').select('at').orderBy('seq').limit(1).executeTakeFirst()
    return first?.at ?? null
  }

  async function search(query: AuditQuery) {
    const subjects = await Promise.all(query.subjects.map(keysOf))
    const { seqs, next } = await findRecords(store.db, { ...query, subjects })
    return { rows: await labels.labelled(await withNames(names, await records.read(seqs))), next }
  }

  /** What was looked at, and by whom; counts and kinds, and the words that were looked for, all of it sealed. */
  const looked = (action: string, actor: AuditEntry['actor'], detail: Record<string, unknown>) =>
    audit.record({ action, outcome: 'success', actor, detail })

  const handlers: Handlers<AuditReviewRoute> = {
    searchAudit: async ({ body, principal, address }) => {
      const page = await search(body)
      const { from, to, actions, outcomes, subjects, order, after } = body
      await looked('audit.searched', auditActor(principal, address), {
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        actions,
        outcomes,
        subjects,
        order,
        ...(after === undefined ? {} : { after }),
        records: page.rows.length,
      })
      return page
    },
    auditCandidates: async ({ body, principal, address }) => {
      const found = await candidates(body.text)
      await looked('audit.looked-up', auditActor(principal, address), {
        text: body.text,
        found: found.length,
      })
      return found
    },
    auditedReport: async ({ params, principal, address }) => {
      const report = await auditedReport(params.report)
      await audit.record({
        action: 'audit.report-compared',
        outcome: 'success',
        actor: auditActor(principal, address),
        object: { kind: 'report', id: params.report },
        detail: { versions: report.versions.length, steps: report.steps.length },
      })
      return report
    },
    anomalies: async ({ query, principal, address }) => {
      const found = await anomalies.list(query)
      await looked('anomaly.listed', auditActor(principal, address), { ...query, anomalies: found.length })
      return found
    },
    reviewAnomaly: async ({ params, body, principal, address }) => {
      const by = { accountId: principal.accountId, name: principal.displayName }
      await anomalies.review(params.id, body, by, auditActor(principal, address))
      return {}
    },
    auditReports: async ({ principal, address }) => {
      const found = await reports.list()
      await looked('audit-report.listed', auditActor(principal, address), { reports: found.length })
      return found
    },
    makeAuditReport: ({ body, principal, address }) => {
      const by = { accountId: principal.accountId, name: principal.displayName }
      return reports.make(body, by, auditActor(principal, address))
    },
    auditReportFile: async ({ params, principal, address }) => {
      const { name, bytes } = await reports.file(params.id, params.format, auditActor(principal, address))
      return { name, base64: bytes.toString('base64') }
    },
    reviewAuditReport: async ({ params, body, principal, address }) => {
      const by = { accountId: principal.accountId, name: principal.displayName }
      await reports.review(params.id, body.note, by, auditActor(principal, address))
      return {}
    },
  }

  let first: NodeJS.Timeout | undefined
  let timer: NodeJS.Timeout | undefined
  let watching: Promise<void> = Promise.resolve()
  const watch = () => {
    watching = watching
      .then(() => anomalies.watch())
      .catch((error: unknown) => {
        log.error({ code: (error as { code?: unknown }).code }, 'anomalies not looked for')
      })
    return watching
  }

  return {
    handlers,
    reports,
    anomalies,
    schedule,
    search,
    start(): void {
      schedule.start()
      first = setTimeout(watch, firstWatchAfterMs).unref()
      timer = setInterval(watch, watchEveryMs).unref()
    },
    async stop(): Promise<void> {
      clearTimeout(first)
      clearInterval(timer)
      await schedule.stop()
      await watching
    },
  }
}
export type AuditReview = ReturnType<typeof createAuditReview>
