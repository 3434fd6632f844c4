import { setImmediate as nextRound } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { VigilError } from '../../shared/errors/index.ts'
import { ReportDocument } from '../../shared/report/index.ts'
import type { Foundation } from '../foundation.ts'
import type { DamageReports } from '../integrity/index.ts'
import { IntegrityError, type Place } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'
import { sha256 } from './document-hash.ts'
import { documentPlace } from './versions.ts'

/** Which reports: those whose newest version was signed from `from` (epoch ms, included) to `to` (not). */
export interface CorpusPeriod {
  from: number
  to: number
  /** Account id of who signed the newest version. */
  author?: string | undefined
}

export interface CorpusReport {
  reportId: string
  versionId: string
  version: number
  document: ReportDocument
  signedAt: number
}

/** One place in the corpus. `report` is null where its record was changed; that is reported, and the scan goes on. */
export interface CorpusItem {
  report: CorpusReport | null
  /** Names this place: a scan may go on after it. */
  cursor: string
}

/** The signed reports, to be looked through: each by its newest version. */
export interface SignedCorpus {
  count(period: CorpusPeriod): Promise<number>
  /**
   * In order of signing, page by page; whoever looks through them shares the gateway: after every `sliceMs` of work, the
   * reader's included, others have their turn, and several scans take turns with each other. Ciphertext, hash and the columns beside it are proven, the signature (a
   * hundred times dearer) is not.
   * @throws VigilError `bad-request` where `after` is not a cursor.
   */
  scan(
    period: CorpusPeriod,
    options: { order: 'newest' | 'oldest'; after?: string | undefined },
  ): AsyncGenerator<CorpusItem>
}

const pageSize = 50
const sliceMs = 8
/** Some milliseconds' worth. */
const countedAtOnce = 4000

type Row = Pick<
  Schema['report_versions'],
  'id' | 'report_id' | 'version' | 'author_id' | 'sealed_document' | 'document_hash' | 'signed_at'
>

/** A place in the order of signing. */
type Mark = Pick<Row, 'signed_at' | 'id'>

export function createSignedCorpus(
  foundation: Pick<Foundation, 'store' | 'protection'>,
  deps: { damage: DamageReports },
): SignedCorpus {
  const { store, protection } = foundation
  const { damage } = deps

  /** The end of the queue in which all scans wait: one slice of one of them in each round of the event loop. */
  let queue: Promise<void> = Promise.resolve()
  function turn(): Promise<void> {
    queue = queue.then(() => nextRound())
    return queue
  }

  /** @throws IntegrityError */
  function opened(row: Row): CorpusReport {
    const stored = protection.open(documentPlace(row.id), row.sealed_document)
    const wrong = (column: string): Place => ({ ...documentPlace(row.id), column })
    if (sha256(stored).toString('hex') !== row.document_hash) throw new IntegrityError(wrong('document_hash'))
    const document = ReportDocument.parse(JSON.parse(stored))
    if (document.reportId !== row.report_id) throw new IntegrityError(wrong('report_id'))
    if (document.version !== row.version) throw new IntegrityError(wrong('version'))
    if (document.author.accountId !== row.author_id) throw new IntegrityError(wrong('author_id'))
    return {
      reportId: row.report_id,
      versionId: row.id,
      version: row.version,
      document,
      signedAt: row.signed_at,
    }
  }

  return {
    async count(period) {
      let count = 0
      let last: Mark | null = null
      for (;;) {
        const marks: Mark[] = await after(newestVersions(store.db, period), 'oldest', last)
          .select(['signed_at', 'id'])
          .limit(countedAtOnce)
          .execute()
        count += marks.length
        if (marks.length < countedAtOnce) return count
        last = marks.at(-1) ?? null
        await turn()
      }
    },
    async *scan(period, { order, after: cursor }) {
      let last = cursor === undefined ? null : markOf(cursor)
      await turn()
      let sliceFrom = performance.now()
      for (;;) {
        const rows: Row[] = await after(newestVersions(store.db, period), order, last)
          .select([
            'id',
            'report_id',
            'version',
            'author_id',
            'sealed_document',
            'document_hash',
            'signed_at',
          ])
          .limit(pageSize)
          .execute()
        for (const row of rows) {
          last = { signed_at: row.signed_at, id: row.id }
          let report: CorpusReport | null = null
          try {
            report = opened(row)
          } catch (error) {
            if (!(error instanceof IntegrityError)) throw error
            await damage.report(error.place)
          }
          yield { report, cursor: `${last.signed_at}.${last.id}` }
          if (performance.now() - sliceFrom < sliceMs) continue
          await turn()
          sliceFrom = performance.now()
        }
        if (rows.length < pageSize) return
      }
    },
  }
}

/** Those of the query that come after a mark, in order. */
function after(query: ReturnType<typeof newestVersions>, order: 'newest' | 'oldest', last: Mark | null) {
  const newest = order === 'newest'
  const ordered = query.orderBy('signed_at', newest ? 'desc' : 'asc').orderBy('id', newest ? 'desc' : 'asc')
  if (!last) return ordered
  return ordered.where(({ eb, refTuple, tuple }) =>
    eb(refTuple('signed_at', 'id'), newest ? '<' : '>', tuple(last.signed_at, last.id)),
  )
}

/** The newest version of each report, where it was signed in the period. */
function newestVersions(db: Kysely<Schema>, { from, to, author }: CorpusPeriod) {
  const query = db
    .selectFrom('report_versions')
    .where('signed_at', '>=', from)
    .where('signed_at', '<', to)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('report_versions as later')
            .select('later.id')
            .whereRef('later.report_id', '=', 'report_versions.report_id')
            .whereRef('later.version', '>', 'report_versions.version'),
        ),
      ),
    )
  return author === undefined ? query : query.where('author_id', '=', author)
}

function markOf(cursor: string): Mark {
  const parts = /^(\d{1,16})\.([\w-]{1,64})$/.exec(cursor)
  if (!parts?.[1] || !parts[2]) throw new VigilError('bad-request', { field: 'cursor' })
  return { signed_at: Number(parts[1]), id: parts[2] }
}
