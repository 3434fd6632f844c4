import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What stands wrong, and who saw to it; how far the audit was shipped. */
export const alarms: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('alarms')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('severity', 'text', (c) => c.notNull())
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('facts', 'text', (c) => c.notNull())
      .addColumn('raised_at', 'bigint', (c) => c.notNull())
      .addColumn('last_seen_at', 'bigint', (c) => c.notNull())
      .addColumn('count', 'integer', (c) => c.notNull())
      .addColumn('cleared_at', 'bigint')
      .addColumn('acknowledged_at', 'bigint')
      .addColumn('acknowledged_by', 'text')
      .addColumn('sealed_note', 'text')
      .execute()
    await db.schema.createIndex('alarms_raised').on('alarms').column('raised_at').execute()
    await sql`create unique index one_standing_alarm on alarms (kind, subject) where cleared_at is null`.execute(
      db,
    )
    await db.schema
      .createTable('audit_shipping')
      .addColumn('receiver', 'text', (c) => c.primaryKey())
      .addColumn('shipped_seq', 'integer', (c) => c.notNull())
      .addColumn('settled_seq', 'integer', (c) => c.notNull())
      .addColumn('shipped_at', 'bigint')
      .addColumn('last_error', 'text')
      .execute()
  },
}
