import { setImmediate as turnOfOthers } from 'node:timers/promises'
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
   * reader's included, others have their turn. Ciphertext, hash and the columns beside it are proven, the signature (a
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

type Row = Pick<
  Schema['report_versions'],
  'id' | 'report_id' | 'version' | 'author_id' | 'sealed_document' | 'document_hash' | 'signed_at'
>

export function createSignedCorpus(
  foundation: Pick<Foundation, 'store' | 'protection'>,
  deps: { damage: DamageReports },
): SignedCorpus {
  const { store, protection } = foundation
  const { damage } = deps

  async function page(
    period: CorpusPeriod,
    order: 'newest' | 'oldest',
    after: { at: number; id: string } | null,
  ): Promise<Row[]> {
    const newest = order === 'newest'
    let query = newestVersions(store.db, period)
      .select(['id', 'report_id', 'version', 'author_id', 'sealed_document', 'document_hash', 'signed_at'])
      .orderBy('signed_at', newest ? 'desc' : 'asc')
      .orderBy('id', newest ? 'desc' : 'asc')
      .limit(pageSize)
    if (after)
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('signed_at', 'id'), newest ? '<' : '>', tuple(after.at, after.id)),
      )
    return query.execute()
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
      const { count } = await newestVersions(store.db, period)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    async *scan(period, { order, after }) {
      let last = after === undefined ? null : placeOf(after)
      let sliceFrom = performance.now()
      for (;;) {
        const rows = await page(period, order, last)
        for (const row of rows) {
          last = { at: row.signed_at, id: row.id }
          let report: CorpusReport | null = null
          try {
            report = opened(row)
          } catch (error) {
            if (!(error instanceof IntegrityError)) throw error
            await damage.report(error.place)
          }
          yield { report, cursor: `${last.at}.${last.id}` }
          if (performance.now() - sliceFrom < sliceMs) continue
          await turnOfOthers()
          sliceFrom = performance.now()
        }
        if (rows.length < pageSize) return
      }
    },
  }
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

function placeOf(cursor: string): { at: number; id: string } {
  const parts = /^(\d{1,16})\.([\w-]{1,64})$/.exec(cursor)
  if (!parts?.[1] || !parts[2]) throw new VigilError('bad-request', { field: 'cursor' })
  return { at: Number(parts[1]), id: parts[2] }
}
