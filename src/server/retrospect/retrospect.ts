import { VigilError } from '../../shared/errors/index.ts'
import { veiledDocument } from '../../shared/report/veil.ts'
import { type AlertFact, type Critical, rememberSentences } from '../critical/index.ts'
import type { Foundation } from '../foundation.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { DamageReports } from '../integrity/index.ts'
import type { CorpusReport, SignedCorpus } from '../reports/index.ts'
import type { StudyGuard, Veils, VeilsFor } from '../sensitivity/index.ts'
import { criticalFindings, missedFindings } from './missed.ts'
import { type ScanBudget, scanPart } from './scan-part.ts'
import { createReportSearch, reportRow } from './search.ts'
import { alertStatistics, type CountedAlert, type LocalTime } from './statistics.ts'

export type RetrospectHandlers = Handlers<
  'searchReports' | 'missedFindings' | 'alertStatistics' | 'reportAuthors' | 'recordRetrospectExport'
>

const defaultBudget: ScanBudget = { reports: 20_000, ms: 1500 }
const longestStatistics = 3700 * 86_400_000

/**
 * Looking back over signed reports and alerts. Who looked, for what, and how much came of it is audited with each part of
 * an answer, because every part shows patients.
 */
export function createRetrospect(
  foundation: Pick<Foundation, 'store' | 'audit' | 'clock'>,
  deps: {
    signedReports: SignedCorpus
    critical: Pick<Critical, 'dictionaries' | 'alertsOfReport' | 'alertFacts'>
    damage: DamageReports
    displayNames: () => Promise<ReadonlyMap<string, string>>
    /** Reports that a person may not open are not found: that a word stands in one is a fact, too. */
    restriction: StudyGuard
    veils: VeilsFor
    localTime?: LocalTime
    budget?: ScanBudget
  },
): { readonly handlers: RetrospectHandlers } {
  const { store, audit, clock } = foundation
  const { signedReports, critical, damage, displayNames, restriction, veils } = deps
  const { localTime = gatewayTime, budget = defaultBudget } = deps

  async function alertsOf({ reportId }: CorpusReport) {
    const { alerts, damaged } = await critical.alertsOfReport(store.db, reportId)
    for (const place of damaged) await damage.report(place)
    return alerts
  }

  function record(
    action: string,
    { principal, address }: Pick<Parameters<RetrospectHandlers['searchReports']>[0], 'principal' | 'address'>,
    detail: Record<string, unknown>,
  ): Promise<void> {
    return audit.record({ action, outcome: 'success', actor: auditActor(principal, address), detail })
  }

  const handlers: RetrospectHandlers = {
    async searchReports(request) {
      const { from, to, author, limit, cursor, ...filter } = request.query
      const look = createReportSearch(filter, critical.dictionaries.inForce())
      const veilOf = await veils(request.principal)
      const { found, ...part } = await scanPart(
        signedReports,
        { from, to, author },
        async (report) => {
          const matched = look(report.document)
          if (!matched || (await restriction(request.principal, ...shownOf(report)))) return []
          // Looked at once more as it is shown: nothing is found by what is hidden.
          const shown = veiledReport(report, veilOf)
          const hits = shown === report ? matched : look(shown.document)
          if (!hits) return []
          const alerts = await alertsOf(report)
          const standing = alerts.filter(({ standing: { state } }) => state.status !== 'withdrawn')
          return [{ ...reportRow(shown), ...veiledMark(report, shown), alerts: standing.length, hits }]
        },
        { limit, cursor, budget, signal: request.signal },
      )
      await record('report.searched', request, {
        since: from,
        until: to,
        author,
        ...filter,
        continued: cursor !== undefined,
        scanned: part.scanned,
        found: found.length,
      })
      return { reports: found, ...part }
    },

    async missedFindings(request) {
      const { from, to, limit, cursor } = request.query
      const { dictionary, analyzer } = critical.dictionaries.inForce()
      const inForce = { dictionary, analyzer: rememberSentences(analyzer) }
      const veilOf = await veils(request.principal)
      const { found, ...part } = await scanPart(
        signedReports,
        { from, to },
        async (report) => {
          const findings = criticalFindings(inForce, report.document)
          if (findings.length === 0) return []
          if (await restriction(request.principal, ...shownOf(report))) return []
          const alerts = (await alertsOf(report)).map(({ alert }) => alert)
          const shown = veiledReport(report, veilOf)
          const row = { ...reportRow(shown), ...veiledMark(report, shown) }
          // Scrubbed text is as long as it was: what was found stands where it stood.
          return missedFindings(findings, alerts, shown.document, inForce).map((missed) => ({
            ...row,
            ...missed,
          }))
        },
        { limit, cursor, budget, signal: request.signal },
      )
      await record('report.missed-listed', request, {
        since: from,
        until: to,
        dictionaryVersion: dictionary.version,
        continued: cursor !== undefined,
        scanned: part.scanned,
        found: found.length,
      })
      return { findings: found, ...part }
    },

    async alertStatistics(request) {
      const { from, to, by } = request.query
      if (to - from > longestStatistics) throw new VigilError('bad-request', { field: 'to' })
      const counted: CountedAlert[] = []
      let damaged = 0
      for await (const fact of critical.alertFacts({ from, to })) {
        if (fact) counted.push(countedAlert(fact))
        else damaged += 1
        if (request.signal.aborted) throw new VigilError('bad-request', { field: 'aborted' })
      }
      await record('alert.statistics', request, { since: from, until: to, by, found: counted.length })
      return { ...alertStatistics(counted, { from, to, by }, { now: clock(), localTime }), damaged }
    },

    async reportAuthors() {
      const rows = await store.db
        .selectFrom('accounts')
        .select('id')
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('report_versions')
              .select('report_versions.id')
              .whereRef('report_versions.author_id', '=', 'accounts.id'),
          ),
        )
        .execute()
      const names = await displayNames()
      const authors = rows.map(({ id }) => ({ accountId: id, name: names.get(id) ?? '' }))
      return { authors: authors.sort((a, b) => a.name.localeCompare(b.name, 'zh-CN')) }
    },

    async recordRetrospectExport(request) {
      await record('retrospect.exported', request, { ...request.body })
      return {}
    },
  }
  return { handlers }
}

/** As who asks may see it. */
function veiledReport(report: CorpusReport, veilOf: Veils): CorpusReport {
  const veil = veilOf(report.document.studyInstanceUid)
  if (veil.hidden.size === 0) return report
  return { ...report, document: veiledDocument(report.document, veil, { words: true }) }
}

const veiledMark = ({ document: was }: CorpusReport, { document: is }: CorpusReport) =>
  was.patientName === is.patientName && was.patientId === is.patientId ? {} : { veiled: true }

/** What stands in a report is judged as well as its study. */
const shownOf = ({ document }: CorpusReport): [string, { text: string }] => [
  document.studyInstanceUid,
  { text: JSON.stringify(document) },
]

function countedAlert({ alert, standing, byPhone }: AlertFact): CountedAlert {
  return {
    level: alert.level,
    type: alert.type,
    typeName: alert.typeName,
    ward: alert.patient.ward,
    modality: alert.exam.modality,
    reporter: alert.reporter,
    state: standing.state,
    deadlines: standing.timing.deadlines,
    byPhone,
  }
}

/** By the time zone that the gateway runs in. */
function gatewayTime(at: number): { day: string; hour: number } {
  const time = new Date(at)
  const two = (part: number) => String(part).padStart(2, '0')
  return {
    day: `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`,
    hour: time.getHours(),
  }
}
