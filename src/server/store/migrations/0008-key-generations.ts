import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Generations of the data keys, rotations of them, and splits of the master key on paper; who signed is sealed as well. */
export const keyGenerations: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table wrapped_keys rename to wrapped_keys_before`.execute(db)
    await db.schema
      .createTable('wrapped_keys')
      .addColumn('purpose', 'text', (c) => c.notNull())
      .addColumn('generation', 'integer', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('wrapped', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('wrapped_keys_key', ['purpose', 'generation'])
      .execute()
    await sql`insert into wrapped_keys (purpose, generation, state, wrapped, created_at)
      select name, 1, 'current', wrapped, created_at from wrapped_keys_before`.execute(db)
    await sql`drop table wrapped_keys_before`.execute(db)
    // A generation that is gone takes everything with it that was sealed under it.
    await sql`create trigger wrapped_keys_no_delete before delete on wrapped_keys
      begin select raise(abort, 'keys are never deleted'); end`.execute(db)

    // It names who signed; the first opening seals those of before (src/server/keys/seal-signers.ts).
    await db.schema.alterTable('report_versions').renameColumn('certificate', 'sealed_certificate').execute()
    await sql`create index unsealed_signers on report_versions (id) where sealed_certificate not like 'v2.%'`.execute(
      db,
    )

    // Names of people stood there; they are in the sealed message as well.
    await sql`update quarantine set settled_by = null`.execute(db)

    await db.schema
      .createTable('key_rotations')
      .addColumn('purpose', 'text', (c) => c.notNull())
      .addColumn('generation', 'integer', (c) => c.notNull())
      .addColumn('started_at', 'bigint', (c) => c.notNull())
      .addColumn('moved_at', 'bigint', (c) => c.notNull())
      .addColumn('finished_at', 'bigint')
      .addColumn('done', 'integer', (c) => c.notNull())
      .addColumn('total', 'integer', (c) => c.notNull())
      .addColumn('damaged', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('key_rotations_key', ['purpose', 'generation'])
      .execute()
    await db.schema
      .createTable('key_escrows')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('shares', 'integer', (c) => c.notNull())
      .addColumn('threshold', 'integer', (c) => c.notNull())
      .addColumn('made_at', 'bigint', (c) => c.notNull())
      .execute()
  },
}
