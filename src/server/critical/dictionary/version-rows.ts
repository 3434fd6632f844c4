import { z } from 'zod'
import { VigilError } from '../../../shared/errors/index.ts'
import type { Foundation } from '../../foundation.ts'
import { IntegrityError, type Place } from '../../protection/index.ts'
import type { Queries, Schema } from '../../store/index.ts'
import { StoredVersion } from './lifecycle.ts'

type Row = Schema['dictionary_versions']

/** A version without reading all of what it holds. */
const VersionHead = StoredVersion.extend({
  content: z.object({ entries: z.array(z.object({ terms: z.array(z.unknown()) })) }),
})
export type VersionHead = z.infer<typeof VersionHead>

/** The versions as kept, each held against the clear columns beside it. */
export interface VersionRows {
  /** @throws IntegrityError, as all of these. */
  newestPublished(queries: Queries): Promise<StoredVersion | null>
  newestPublishedName(queries: Queries): Promise<string | null>
  /** The one that is being written. */
  draft(queries: Queries): Promise<StoredVersion | null>
  /** @throws VigilError `not-found` */
  named(queries: Queries, version: string): Promise<StoredVersion>
  count(queries: Queries): Promise<number>
  /** Newest first; one that was changed is handed to `damaged` and left out. */
  heads(queries: Queries, damaged: (error: IntegrityError) => Promise<void>): Promise<VersionHead[]>
  insert(queries: Queries, version: StoredVersion): Promise<void>
  update(queries: Queries, version: StoredVersion): Promise<void>
  /** Sets a draft that cannot be read aside as it is, so that another may be begun. @returns its name */
  setAsideDraft(queries: Queries): Promise<string>
}

const place = (row: string): Place => ({ table: 'dictionary_versions', column: 'sealed_version', row })

export function createVersionRows({
  store,
  protection,
}: Pick<Foundation, 'store' | 'protection'>): VersionRows {
  const rowOf = (version: StoredVersion): Row => ({
    id: version.version,
    state: version.state,
    published_at: version.publishedAt,
    created_at: version.createdAt,
    revision: version.revision,
    sealed_version: protection.seal(place(version.version), JSON.stringify(version)),
  })

  function opened<Shape extends VersionHead>(row: Row, schema: z.ZodType<Shape>): Shape {
    const parsed = schema.safeParse(JSON.parse(protection.open(place(row.id), row.sealed_version)))
    if (!parsed.success) throw new IntegrityError(place(row.id))
    const version = parsed.data
    if (version.version !== row.id) throw new IntegrityError(place(row.id))
    const wrong = (column: string) => new IntegrityError({ ...place(row.id), column })
    // A draft that was set aside while nobody could read it stays so once it is whole again.
    const setAside = row.state === 'discarded' && (version.state === 'draft' || version.state === 'tested')
    if (version.state !== row.state && !setAside) throw wrong('state')
    if (version.publishedAt !== row.published_at) throw wrong('published_at')
    if (version.createdAt !== row.created_at) throw wrong('created_at')
    if (version.revision !== row.revision) throw wrong('revision')
    // One that was discarded never comes into force, whatever else was done to it.
    if (row.state !== 'discarded') store.seals.check('dictionary_versions', row)
    return setAside ? { ...version, state: 'discarded' } : version
  }
  const whole = (row: Row | undefined) => (row ? opened(row, StoredVersion) : null)

  const published = (queries: Queries) =>
    queries
      .selectFrom('dictionary_versions')
      .where('state', '=', 'published')
      .orderBy('published_at', 'desc')
      .limit(1)

  return {
    newestPublished: async (queries) => whole(await published(queries).selectAll().executeTakeFirst()),
    newestPublishedName: async (queries) =>
      (await published(queries).select('id').executeTakeFirst())?.id ?? null,
    draft: async (queries) =>
      whole(
        await queries
          .selectFrom('dictionary_versions')
          .selectAll()
          .where('state', 'in', ['draft', 'tested'])
          .executeTakeFirst(),
      ),
    async named(queries, version) {
      const row = await queries
        .selectFrom('dictionary_versions')
        .selectAll()
        .where('id', '=', version)
        .executeTakeFirst()
      if (!row) throw new VigilError('not-found')
      return opened(row, StoredVersion)
    },
    async count(queries) {
      const { count } = await queries
        .selectFrom('dictionary_versions')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    async heads(queries, damaged) {
      const rows = await queries
        .selectFrom('dictionary_versions')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(200)
        .execute()
      const found: VersionHead[] = []
      for (const row of rows) {
        try {
          found.push(opened(row, VersionHead))
        } catch (error) {
          if (!(error instanceof IntegrityError)) throw error
          await damaged(error)
        }
      }
      return found
    },
    async insert(queries, version) {
      await queries.insertInto('dictionary_versions').values(rowOf(version)).execute()
    },
    async update(queries, version) {
      const { id, ...change } = rowOf(version)
      await queries.updateTable('dictionary_versions').set(change).where('id', '=', id).execute()
    },
    async setAsideDraft(queries) {
      const { id } = await queries
        .updateTable('dictionary_versions')
        .set({ state: 'discarded' })
        .where('state', 'in', ['draft', 'tested'])
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },
  }
}
