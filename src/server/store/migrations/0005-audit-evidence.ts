import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Tables whose rows are written once and never again. */
const appendOnly = [
  'audit_subjects',
  'audit_checkpoints',
  'audit_checkpoints_shipped',
  'audit_archives',
  'anomaly_reviews',
  'audit_reports',
  'audit_report_reviews',
]

/** How audit records are looked up, signed checkpoints, what was shipped, anomalies looked at, audit reports. */
export const auditEvidence: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('audit_subjects')
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('seq', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('audit_subjects_key', ['subject', 'seq'])
      .modifyEnd(sql`without rowid`)
      .execute()
    await db.schema
      .createTable('audit_checkpoints')
      .addColumn('seq', 'integer', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('statement', 'text', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('audit_archives')
      .addColumn('month', 'text', (c) => c.primaryKey())
      .addColumn('first_seq', 'integer', (c) => c.notNull())
      .addColumn('last_seq', 'integer', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('audit_checkpoints_shipped')
      .addColumn('seq', 'integer', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .execute()

    // One index of actions is enough: every append writes each.
    await db.schema.dropIndex('audit_action').ifExists().execute()
    await db.schema
      .createIndex('audit_found')
      .on('audit')
      .columns(['action', 'outcome', 'seq'])
      .ifNotExists()
      .execute()
    await db.schema.createIndex('audit_at').on('audit').column('at').ifNotExists().execute()
    await db.schema
      .createTable('anomaly_reviews')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('anomaly_id', 'text', (c) => c.notNull())
      .addColumn('sealed_review', 'text', (c) => c.notNull())
      .addColumn('reviewed_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('anomaly_reviewed').on('anomaly_reviews').column('anomaly_id').execute()
    await db.schema
      .createTable('audit_reports')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('period', 'text', (c) => c.notNull())
      .addColumn('made_at', 'bigint', (c) => c.notNull())
      .addColumn('sealed_report', 'text', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('audit_report_reviews')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('report_id', 'text', (c) => c.notNull().references('audit_reports.id'))
      .addColumn('sealed_review', 'text', (c) => c.notNull())
      .addColumn('reviewed_at', 'bigint', (c) => c.notNull())
      .execute()

    for (const table of appendOnly) {
      for (const change of ['update', 'delete'] as const) {
        await sql`create trigger ${sql.ref(`${table}_no_${change}`)} before ${sql.raw(change)} on ${sql.table(table)}
          begin select raise(abort, ${sql.lit(`${table} is append-only`)}); end`.execute(db)
      }
    }
  },
}
