import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The dictionary's versions, what happens to alerts, every kind of message in the outbox, and incoming messages. */
export const criticalLoop: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Signed documents and alerts of the versions before say less than later rules need, and cannot be signed anew.
    const signed = await sql<{ count: number }>`select count(*) as count from report_versions`.execute(db)
    if ((signed.rows[0]?.count ?? 0) > 0)
      throw new Error('the database holds reports of a pre-release version: begin with a new data directory')
    await db.schema
      .createTable('dictionary_versions')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('published_at', 'bigint')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('revision', 'integer', (c) => c.notNull())
      .addColumn('sealed_version', 'text', (c) => c.notNull())
      .execute()
    // One is being written at a time; what was published is never changed.
    await sql`create unique index one_dictionary_draft on dictionary_versions ((1)) where state in ('draft', 'tested')`.execute(
      db,
    )
    for (const change of ['update', 'delete'] as const) {
      await sql`create trigger ${sql.ref(`dictionary_published_no_${change}`)}
        before ${sql.raw(change)} on dictionary_versions when old.state = 'published'
        begin select raise(abort, 'a published dictionary is append-only'); end`.execute(db)
    }

    await db.schema
      .alterTable('report_drafts')
      .addColumn('taken_at', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute()
    await db.schema
      .alterTable('alerts')
      .addColumn('patient_index', 'text', (c) => c.notNull().defaultTo(''))
      .execute()
    await db.schema
      .createIndex('alerts_patient')
      .on('alerts')
      .columns(['patient_index', 'raised_at'])
      .execute()
    await db.schema.createIndex('alerts_raised').on('alerts').column('raised_at').execute()
    await db.schema
      .createTable('alert_events')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('alert_id', 'text', (c) => c.notNull().references('alerts.id'))
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('recorded_at', 'bigint', (c) => c.notNull())
      .addColumn('sealed_event', 'text', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('alert_events_alert').on('alert_events').column('alert_id').execute()
    for (const change of ['update', 'delete'] as const) {
      await sql`create trigger ${sql.ref(`alert_events_no_${change}`)} before ${sql.raw(change)} on alert_events
        begin select raise(abort, 'alert_events is append-only'); end`.execute(db)
    }
    await db.schema
      .createTable('alert_standings')
      .addColumn('alert_id', 'text', (c) => c.primaryKey().references('alerts.id'))
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('due_at', 'bigint')
      .addColumn('sealed_standing', 'text', (c) => c.notNull())
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('alert_standings_due').on('alert_standings').column('due_at').execute()
    await db.schema.createIndex('alert_standings_status').on('alert_standings').column('status').execute()
    /** Answers taken in, so that the same one does not count twice. */
    await db.schema
      .createTable('alert_replies')
      .addColumn('reply_index', 'text', (c) => c.primaryKey())
      .addColumn('alert_id', 'text', (c) => c.notNull())
      .addColumn('taken_at', 'bigint', (c) => c.notNull())
      .execute()

    // More than one message goes to a target about one alert: SQLite keeps a table's constraints for its life.
    await sql`drop index outbox_due`.execute(db)
    await sql`alter table outbox rename to outbox_before`.execute(db)
    await db.schema
      .createTable('outbox')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('alert_id', 'text', (c) => c.notNull().references('alerts.id'))
      .addColumn('patient_index', 'text', (c) => c.notNull())
      .addColumn('target', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('message_id', 'text', (c) => c.notNull())
      .addColumn('control_id', 'text', (c) => c.notNull().unique())
      .addColumn('sealed_message', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('next_attempt_at', 'bigint', (c) => c.notNull())
      .addColumn('last_error', 'text')
      .addColumn('delivered_at', 'bigint')
      .addColumn('settled_at', 'bigint')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .execute()
    await sql`drop table outbox_before`.execute(db)
    await db.schema
      .createIndex('outbox_waiting')
      .on('outbox')
      .columns(['target', 'state', 'message_id'])
      .execute()
    await db.schema
      .createIndex('one_message_a_target')
      .unique()
      .on('outbox')
      .columns(['message_id', 'target'])
      .execute()
    await db.schema.createIndex('outbox_alert').on('outbox').column('alert_id').execute()
    await sql`create unique index one_notice_a_target on outbox (alert_id, target) where kind = 'notice'`.execute(
      db,
    )

    await db.schema
      .createTable('quarantine')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('feed', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('received_at', 'bigint', (c) => c.notNull())
      .addColumn('bytes', 'integer', (c) => c.notNull())
      .addColumn('sealed_message', 'text', (c) => c.notNull())
      .addColumn('settled_at', 'bigint')
      .addColumn('settled_by', 'text')
      .addColumn('content_index', 'text', (c) => c.notNull())
      .execute()
    await db.schema
      .createIndex('quarantine_received')
      .on('quarantine')
      .columns(['state', 'received_at'])
      .execute()
    await db.schema
      .createIndex('quarantine_content')
      .on('quarantine')
      .columns(['content_index', 'state'])
      .execute()
    /** Messages taken in, so that one that is sent again has no second effect. */
    await db.schema
      .createTable('received_messages')
      .addColumn('content_index', 'text', (c) => c.primaryKey())
      .addColumn('received_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createIndex('received_messages_at')
      .on('received_messages')
      .column('received_at')
      .execute()
    // Orders from before came by file.
    for (const column of ['cancelled_at', 'sent_at', 'patient_sent_at'])
      await sql`alter table orders add column ${sql.ref(column)} bigint`.execute(db)
    await sql`alter table orders add column source text not null default 'file'`.execute(db)
    /** ADT^A40: the patient id that was, and the one that it became part of. */
    await db.schema
      .createTable('patient_merges')
      .addColumn('merged_index', 'text', (c) => c.primaryKey())
      .addColumn('surviving_index', 'text', (c) => c.notNull())
      .addColumn('sealed_merge', 'text', (c) => c.notNull())
      .addColumn('merged_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createIndex('patient_merges_surviving')
      .on('patient_merges')
      .column('surviving_index')
      .execute()
    // Looking back: in order of signing, by author, and to the alerts of a version.
    await db.schema
      .createIndex('report_versions_signed')
      .on('report_versions')
      .columns(['signed_at', 'id', 'report_id', 'version'])
      .execute()
    await db.schema
      .createIndex('report_versions_author')
      .on('report_versions')
      .columns(['author_id', 'signed_at', 'id', 'report_id', 'version'])
      .execute()
    await db.schema.createIndex('alerts_version').on('alerts').column('report_version_id').execute()
  },
}
