import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Rules that label by, labels of patients and reports, reviews of broken glass. */
export const labels: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('label_rule_versions')
      .addColumn('version', 'integer', (c) => c.primaryKey())
      .addColumn('sealed_rules', 'text', (c) => c.notNull())
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .addColumn('changed_by', 'text', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('object_labels')
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('object_index', 'text', (c) => c.notNull())
      .addColumn('sealed_label', 'text', (c) => c.notNull())
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('object_labels_key', ['kind', 'object_index'])
      .execute()
    await db.schema
      .createTable('glass_reviews')
      .addColumn('id', 'text', (c) => c.primaryKey())
      // Not unique: a forged row must not keep the real review out.
      .addColumn('break_id', 'text', (c) => c.notNull().references('glass_breaks.id'))
      .addColumn('sealed_review', 'text', (c) => c.notNull())
      .addColumn('reviewed_by', 'text', (c) => c.notNull())
      .addColumn('reviewed_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('glass_reviews_break').on('glass_reviews').column('break_id').execute()
    await db.schema.createIndex('glass_breaks_at').on('glass_breaks').column('broken_at').execute()
    for (const table of ['label_rule_versions', 'glass_reviews']) {
      for (const change of ['update', 'delete']) {
        await sql`create trigger ${sql.ref(`${table}_no_${change}`)} before ${sql.raw(change)} on ${sql.ref(table)}
          begin select raise(abort, '${sql.raw(table)} is append-only'); end`.execute(db)
      }
    }
    await noteWorklistChanges(db)
  },
}

/** Both change the label of exams that nothing else tells of (0004). */
async function noteWorklistChanges(db: Kysely<unknown>): Promise<void> {
  for (const table of ['label_rule_versions', 'object_labels']) {
    for (const change of table === 'object_labels' ? ['insert', 'update', 'delete'] : ['insert']) {
      await sql
        .raw(
          `create trigger ${table}_on_worklist_${change} after ${change} on ${table}
           begin insert into worklist_changes (source, key) values ('labels', ''); end`,
        )
        .execute(db)
    }
  }
}
