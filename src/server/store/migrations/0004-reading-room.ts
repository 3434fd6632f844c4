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
    await db.schema.alterTable('report_drafts').addColumn('suspected', 'integer').execute()
    await db.schema.alterTable('report_versions').addColumn('written_by', 'text').execute()
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
      .addColumn('signed_version', 'integer')
      .addPrimaryKeyConstraint('report_key_images_key', ['report_id', 'id'])
      .execute()
    // The worklist reads the newest orders in this order.
    await db.schema.createIndex('orders_scheduled').on('orders').columns(['scheduled_at', 'id']).execute()
    await noteWorklistChanges(db)
  },
}

/**
 * What the worklist shows is noted where it changes, in the same transaction, whoever writes it: another process or gateway too.
 * A gateway reads on from where it was (src/server/worklist/changes.ts).
 */
async function noteWorklistChanges(db: Kysely<unknown>): Promise<void> {
  await sql`create table worklist_changes (
    seq integer primary key autoincrement, source text not null, key text not null)`.execute(db)
  const ofReport = (row: string) => `(select study_index from reports where id = ${row}.report_id)`
  const ofAlert = (row: string) => `(select study_index from alerts where id = ${row}.alert_id)`
  type Change = 'insert' | 'update' | 'delete'
  const note = async (
    table: string,
    changes: readonly Change[],
    source: string,
    key: (row: string) => string,
    when = '',
  ) => {
    for (const change of changes) {
      const row = change === 'delete' ? 'old' : 'new'
      await sql
        .raw(
          `create trigger ${table}_on_worklist_${change} after ${change} on ${table} ${when}
           begin insert into worklist_changes (source, key) values ('${source}', ${key(row)}); end`,
        )
        .execute(db)
    }
  }
  const any = ['insert', 'update', 'delete'] as const
  await note('orders', any, 'order', (row) => `${row}.id`)
  await note('patient_merges', any, 'merge', () => `''`)
  // Each save of a draft would be one: only whose it is and where it stands are on the list.
  await note('report_drafts', ['insert', 'delete'], 'study', ofReport)
  const moved = 'when old.account_id is not new.account_id or old.stage is not new.stage'
  await note('report_drafts', ['update'], 'study', ofReport, moved)
  await note('report_versions', ['insert'], 'study', ofReport)
  await note('alerts', ['insert'], 'study', (row) => `${row}.study_index`)
  await note('alert_standings', any, 'study', ofAlert)
  await note('study_claims', any, 'study', (row) => `${row}.study_index`)
  await note('study_labels', any, 'study', (row) => `${row}.study_index`)
  await note('accounts', ['insert', 'update'], 'account', (row) => `${row}.id`)
}
