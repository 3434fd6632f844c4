import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What tells that a row was changed, added, taken away or put back (see src/server/store/seals), and what was found so. */
export const rowSeals: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create table row_seals (
      tbl text not null, key text not null, mac text not null, primary key (tbl, key)) without rowid`.execute(
      db,
    )
    await sql`create table table_seals (name text primary key, seal text not null) without rowid`.execute(db)
    await db.schema
      .createTable('damage')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('place_table', 'text', (c) => c.notNull())
      .addColumn('place_column', 'text', (c) => c.notNull())
      .addColumn('place_row', 'text', (c) => c.notNull())
      .addColumn('what', 'text', (c) => c.notNull())
      .addColumn('detail', 'text', (c) => c.notNull())
      .addColumn('found_at', 'bigint', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('restored_at', 'bigint')
      .execute()
    await sql`create unique index one_standing_damage on damage (place_table, place_column, place_row)
      where state = 'isolated'`.execute(db)
    await db.schema
      .createTable('scrub_runs')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('started_at', 'bigint', (c) => c.notNull())
      .addColumn('finished_at', 'bigint')
      .addColumn('values_checked', 'bigint', (c) => c.notNull())
      .addColumn('files_checked', 'bigint', (c) => c.notNull())
      .addColumn('bytes', 'bigint', (c) => c.notNull())
      .addColumn('damaged', 'integer', (c) => c.notNull())
      .addColumn('restored', 'integer', (c) => c.notNull())
      .addColumn('outcome', 'text', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('scrub_runs_started').on('scrub_runs').column('started_at').execute()
  },
}
