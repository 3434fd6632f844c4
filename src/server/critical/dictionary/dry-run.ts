import type { DryRun } from '../../../shared/api/dictionary.ts'
import { analyseReport, type CriticalAnalyzer } from '../../../shared/critical/index.ts'
import type { SectionFinding } from '../../../shared/critical/model.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { ReportDocument } from '../../../shared/report/index.ts'
import type { Foundation } from '../../foundation.ts'
import { sentenceAround } from '../alerts/excerpt.ts'
import { compareFindings } from './compare.ts'
import type { Dictionaries } from './dictionaries.ts'
import type { DictionaryEditing, Editor } from './editing.ts'
import type { StoredVersion } from './lifecycle.ts'
import { rememberSentences } from './remember-sentences.ts'

interface Period {
  from: number
  to: number
}

/** The signed reports, as the reports capability goes through them. */
export interface PastReports {
  count(period: Period): Promise<number>
  /** Gives others their turn now and then. `report` is null for one that was changed. */
  scan(
    period: Period,
    options: { order: 'newest' },
  ): AsyncIterable<{ report: { reportId: string; document: ReportDocument; signedAt: number } | null }>
}

/** The last dry run. It lives in memory: a restart of the gateway forgets it, and the draft stays what it was. */
export interface DryRuns {
  /** Takes the place of one that is running. @throws VigilError `conflict`, `not-found` where there is no draft. */
  begin(what: { revision: number; months: number }, by: Editor): Promise<DryRun>
  last(): DryRun | null
  stop(): Promise<void>
}

const mostHits = 500

export function createDryRuns(
  foundation: Pick<Foundation, 'audit' | 'clock' | 'random' | 'log'>,
  deps: {
    pastReports: PastReports
    dictionaries: Dictionaries
    editing: Pick<DictionaryEditing, 'markTested'>
    draft: () => Promise<StoredVersion | null>
  },
): DryRuns {
  const { audit, clock, random, log } = foundation
  const { pastReports, dictionaries, editing } = deps
  let current: DryRun | null = null
  let running: Promise<void> = Promise.resolve()

  async function begin({ revision, months }: { revision: number; months: number }, by: Editor) {
    const draft = await deps.draft()
    if (!draft) throw new VigilError('not-found')
    if (draft.revision !== revision) throw new VigilError('conflict', { field: 'dictionary' })
    const to = clock() + 1
    const period = { from: monthsBefore(to, months), to }
    const run: DryRun = {
      id: Buffer.from(random(9)).toString('base64url'),
      state: 'running',
      revision,
      months,
      scanned: 0,
      total: await pastReports.count(period),
      fires: [],
      stops: [],
      firesCount: 0,
      stopsCount: 0,
      byType: [],
    }
    current = run
    await audit.record({
      action: 'dictionary.dry-run',
      outcome: 'success',
      actor: by.actor,
      object: { kind: 'dictionary', id: draft.version },
      detail: { revision, months, reports: run.total },
    })
    running = go(run, draft, period, by).catch((error: unknown) => {
      run.state = 'failed'
      log.error({ code: error instanceof VigilError ? error.code : 'internal' }, 'dry run')
    })
    return { ...run }
  }

  async function go(run: DryRun, draft: StoredVersion, period: Period, by: Editor): Promise<void> {
    const { dictionary, analyzer } = dictionaries.inForce()
    const inForce = rememberSentences(analyzer)
    const drafted = rememberSentences(
      analyzer.withDictionary({ version: draft.version, entries: draft.content.entries }),
    )
    const names = new Map(
      [...dictionary.entries, ...draft.content.entries].map(({ code, nameZh }) => [code, nameZh]),
    )
    const nameOf = (type: string) => names.get(type) ?? type
    const counts = new Map<string, { before: number; after: number }>()
    let damaged = 0
    for await (const { report } of pastReports.scan(period, { order: 'newest' })) {
      if (current !== run) return
      run.scanned += 1
      if (!report) {
        damaged += 1
        continue
      }
      const { fires, stops, before, after } = compareFindings(
        findingsOf(inForce, report.document),
        findingsOf(drafted, report.document),
      )
      for (const { type } of before) countOf(counts, type).before += 1
      for (const { type } of after) countOf(counts, type).after += 1
      run.firesCount += fires.length
      run.stopsCount += stops.length
      for (const [found, list] of [
        [fires, run.fires],
        [stops, run.stops],
      ] as const)
        for (const finding of found) {
          if (list.length < mostHits) list.push({ ...hitOf(finding, report), typeName: nameOf(finding.type) })
        }
      run.byType = [...counts].map(([type, figures]) => ({ type, typeName: nameOf(type), ...figures }))
    }
    const { months, scanned, firesCount: fires, stopsCount: stops } = run
    await editing
      .markTested(run.revision, by, { months, scanned, damaged, fires, stops })
      .catch((error: unknown) => {
        // Changed or given up meanwhile: the figures stand for what they are of, and the draft is not tested.
        if (!(error instanceof VigilError)) throw error
      })
    run.state = 'done'
  }

  return {
    begin,
    last: () => current && { ...current },
    async stop() {
      current = null
      await running
    },
  }
}

function findingsOf(analyzer: CriticalAnalyzer, { text, exam }: ReportDocument): SectionFinding[] {
  return analyseReport(analyzer, text, exam)
}

function countOf(counts: Map<string, { before: number; after: number }>, type: string) {
  const count = counts.get(type) ?? { before: 0, after: 0 }
  counts.set(type, count)
  return count
}

function hitOf(
  { type, term, grade, section, start, end }: SectionFinding,
  { reportId, document, signedAt }: { reportId: string; document: ReportDocument; signedAt: number },
) {
  return {
    reportId,
    studyInstanceUid: document.studyInstanceUid,
    accessionNumber: document.accessionNumber,
    signedAt,
    modality: document.exam.modality,
    type,
    term,
    grade,
    section,
    ...sentenceAround(document.text[section], start, end),
  }
}

/** The same moment so many calendar months before; the last day of that month where it has no such day. */
function monthsBefore(at: number, months: number): number {
  const date = new Date(at)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() - months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date.getTime()
}
