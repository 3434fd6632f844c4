import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** How people work, who reports what, labels and broken glass, and the way of a report through review. */
export const readingRoom: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('user_settings')
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('area', 'text', (c) => c.notNull())
      .addColumn('sealed_value', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('user_settings_key', ['account_id', 'area'])
      .execute()
    await db.schema
      .createTable('study_claims')
      .addColumn('study_index', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('sealed_claim', 'text', (c) => c.notNull())
      .addColumn('claimed_at', 'bigint', (c) => c.notNull())
      .addColumn('ends_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('study_labels')
      .addColumn('study_index', 'text', (c) => c.primaryKey())
      .addColumn('sealed_label', 'text', (c) => c.notNull())
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('glass_breaks')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('session_id', 'text', (c) => c.notNull())
      .addColumn('study_index', 'text', (c) => c.notNull())
      .addColumn('sealed_break', 'text', (c) => c.notNull())
      .addColumn('broken_at', 'bigint', (c) => c.notNull())
      .addColumn('ends_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createIndex('glass_breaks_session')
      .on('glass_breaks')
      .columns(['session_id', 'study_index'])
      .execute()
    await db.schema
      .alterTable('report_drafts')
      .addColumn('stage', 'text', (c) => c.notNull().defaultTo('writing'))
      .execute()
    await db.schema.alterTable('report_drafts').addColumn('written_by', 'text').execute()
    await db.schema.alterTable('report_drafts').addColumn('submitted_at', 'bigint').execute()
    await db.schema
      .createTable('report_steps')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('report_id', 'text', (c) => c.notNull().references('reports.id'))
      .addColumn('sealed_step', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('report_steps_report').on('report_steps').column('report_id').execute()
    for (const table of ['report_steps', 'glass_breaks'] as const) {
      for (const change of ['update', 'delete'] as const) {
        await sql`create trigger ${sql.ref(`${table}_no_${change}`)} before ${sql.raw(change)} on ${sql.ref(table)}
          begin select raise(abort, '${sql.raw(table)} is append-only'); end`.execute(db)
      }
    }
    await db.schema
      .createTable('report_key_images')
      .addColumn('report_id', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('sealed_png', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('report_key_images_key', ['report_id', 'id'])
      .execute()
  },
}
