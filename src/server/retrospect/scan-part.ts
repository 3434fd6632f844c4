import { VigilError } from '../../shared/errors/index.ts'
import type { CorpusPeriod, CorpusReport, SignedCorpus } from '../reports/index.ts'

/** What one request looks through at the most; a longer search is gone on with by the next. */
export interface ScanBudget {
  reports: number
  ms: number
}

export interface ScanPart<Found> {
  found: Found[]
  /** Of the whole search so far. */
  scanned: number
  total: number
  damaged: number
  cursor: string | null
}

/**
 * One part of a search through signed reports, newest first: until `limit` were found, the budget is spent, or the asker is
 * gone. The cursor carries what was counted; whoever changes it fools only themselves.
 * @throws VigilError `bad-request` where the cursor is none.
 */
export async function scanPart<Found>(
  corpus: SignedCorpus,
  period: CorpusPeriod,
  look: (report: CorpusReport) => Found[] | Promise<Found[]>,
  part: { limit: number; cursor: string | undefined; budget: ScanBudget; signal: AbortSignal },
): Promise<ScanPart<Found>> {
  const { limit, budget, signal } = part
  const before = part.cursor === undefined ? null : countsOf(part.cursor)
  const total = before?.total ?? (await corpus.count(period))
  let scanned = before?.scanned ?? 0
  let damaged = before?.damaged ?? 0
  const end = { scanned: scanned + budget.reports, at: performance.now() + budget.ms }
  const found: Found[] = []
  for await (const item of corpus.scan(period, { order: 'newest', after: before?.after })) {
    scanned += 1
    if (item.report) found.push(...(await look(item.report)))
    else damaged += 1
    if (found.length >= limit || scanned >= end.scanned || performance.now() >= end.at || signal.aborted) {
      const cursor = `${scanned}.${damaged}.${total}.${item.cursor}`
      return { found, scanned, total, damaged, cursor }
    }
  }
  return { found, scanned, total: Math.max(total, scanned), damaged, cursor: null }
}

function countsOf(cursor: string) {
  const parts = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})\.(.+)$/.exec(cursor)
  if (!parts) throw new VigilError('bad-request', { field: 'cursor' })
  const [, scanned, damaged, total, after] = parts
  return { scanned: Number(scanned), damaged: Number(damaged), total: Number(total), after }
}
