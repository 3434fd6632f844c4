import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Backups, where their copies are, and drills. */
export const backups: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('backups')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('parent', 'text')
      .addColumn('started_at', 'bigint', (c) => c.notNull())
      .addColumn('finished_at', 'bigint')
      .addColumn('covers_until', 'bigint')
      .addColumn('bytes', 'bigint', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('verified_at', 'bigint')
      .addColumn('error', 'text')
      .execute()
    await db.schema
      .createTable('backup_copies')
      .addColumn('backup_id', 'text', (c) => c.notNull())
      .addColumn('place', 'text', (c) => c.notNull())
      .addColumn('whole_at', 'bigint', (c) => c.notNull())
      .addColumn('removed_at', 'bigint')
      .addColumn('refused_at', 'bigint')
      .addPrimaryKeyConstraint('backup_copies_pk', ['backup_id', 'place'])
      .execute()
    await db.schema
      .createTable('backup_transfers')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('backup_id', 'text', (c) => c.notNull())
      .addColumn('place', 'text', (c) => c.notNull())
      .addColumn('started_at', 'bigint', (c) => c.notNull())
      .addColumn('finished_at', 'bigint')
      .addColumn('bytes', 'bigint', (c) => c.notNull())
      .addColumn('outcome', 'text', (c) => c.notNull())
      .addColumn('error', 'text')
      .execute()
    await db.schema
      .createIndex('backup_transfers_place')
      .on('backup_transfers')
      .columns(['place', 'started_at'])
      .execute()
    await db.schema
      .createTable('backup_drills')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('started_at', 'bigint', (c) => c.notNull())
      .addColumn('finished_at', 'bigint', (c) => c.notNull())
      .addColumn('backup_id', 'text', (c) => c.notNull())
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('outcome', 'text', (c) => c.notNull())
      .addColumn('restore_seconds', 'real', (c) => c.notNull())
      .addColumn('loss_seconds', 'real', (c) => c.notNull())
      .addColumn('checks', 'text', (c) => c.notNull())
      .execute()
  },
}
