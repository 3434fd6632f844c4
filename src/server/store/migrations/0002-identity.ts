import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** People's facts, second factors, lock-outs, the security policy, and what sessions and workstations need for them. */
export const identity: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('security_policies')
      .addColumn('version', 'integer', (c) => c.primaryKey())
      .addColumn('sealed_policy', 'text', (c) => c.notNull())
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .addColumn('changed_by', 'text', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('pki_generations')
      .addColumn('version', 'integer', (c) => c.primaryKey())
      .addColumn('sealed_generations', 'text', (c) => c.notNull())
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .execute()
    for (const table of ['security_policies', 'pki_generations'] as const) {
      for (const change of ['update', 'delete'] as const) {
        await sql`create trigger ${sql.ref(`${table}_no_${change}`)}
          before ${sql.raw(change)} on ${sql.ref(table)}
          begin select raise(abort, '${sql.raw(table)} is append-only'); end`.execute(db)
      }
    }

    // Never used: passwords have a table of their own, with their history.
    await db.schema.alterTable('accounts').dropColumn('sealed_password').execute()
    await db.schema.alterTable('accounts').addColumn('staff_index', 'text').execute()
    await db.schema.alterTable('accounts').addColumn('sealed_staff_number', 'text').execute()
    await db.schema
      .alterTable('accounts')
      .addColumn('clearance', 'text', (c) => c.notNull().defaultTo('general'))
      .execute()
    await db.schema
      .alterTable('accounts')
      .addColumn('emergency', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
    await db.schema.createIndex('accounts_staff').on('accounts').column('staff_index').unique().execute()
    await db.schema.alterTable('account_certificates').addColumn('sealed_certificate', 'text').execute()

    await db.schema
      .createTable('account_passwords')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
      .addColumn('sealed_hash', 'text', (c) => c.notNull())
      .addColumn('set_at', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint')
      .addColumn('must_change', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
    await db.schema
      .createIndex('account_passwords_newest')
      .on('account_passwords')
      .columns(['account_id', 'set_at'])
      .execute()
    await db.schema
      .createTable('account_totp')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
      .addColumn('sealed_secret', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('confirmed_at', 'bigint')
      .addColumn('last_step', 'integer')
      .execute()
    await db.schema.createIndex('account_totp_account').on('account_totp').column('account_id').execute()
    await db.schema
      .createTable('fallback_grants')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
      .addColumn('sealed_reason', 'text', (c) => c.notNull())
      .addColumn('granted_by', 'text', (c) => c.notNull())
      .addColumn('granted_at', 'bigint', (c) => c.notNull())
      .addColumn('ends_at', 'bigint', (c) => c.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('ended_by', 'text')
      .addColumn('sign_ins', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
    await db.schema
      .createIndex('fallback_grants_account')
      .on('fallback_grants')
      .column('account_id')
      .execute()
    await db.schema
      .createTable('binding_codes')
      .addColumn('code_index', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('used_at', 'bigint')
      .execute()
    await db.schema
      .createTable('lockouts')
      .addColumn('subject', 'text', (c) => c.primaryKey())
      .addColumn('failures', 'integer', (c) => c.notNull())
      .addColumn('last_failure_at', 'bigint', (c) => c.notNull())
      .addColumn('locked_until', 'bigint')
      .execute()

    await db.schema.alterTable('workstations').addColumn('suspended_at', 'bigint').execute()
    await db.schema.alterTable('workstations').addColumn('last_seen_at', 'bigint').execute()
    await db.schema.alterTable('workstations').addColumn('next_fingerprint', 'text').execute()
    await db.schema.alterTable('workstations').addColumn('next_expires_at', 'bigint').execute()
    for (const issued of ['certificate_issued_at', 'next_issued_at'] as const)
      await db.schema.alterTable('workstations').addColumn(issued, 'bigint').execute()
    await db.schema.alterTable('workstations').addColumn('next_generation', 'integer').execute()
    for (const generation of ['certificate_generation', 'gateway_ca_generation'] as const) {
      await db.schema
        .alterTable('workstations')
        .addColumn(generation, 'integer', (c) => c.notNull().defaultTo(1))
        .execute()
    }

    await db.schema
      .alterTable('sessions')
      .addColumn('factor', 'text', (c) => c.notNull().defaultTo('certificate'))
      .execute()
    await db.schema.alterTable('sessions').addColumn('fallback_grant_id', 'text').execute()
    await db.schema
      .alterTable('sessions')
      .addColumn('roles', 'text', (c) => c.notNull().defaultTo('[]'))
      .execute()
    await db.schema.createIndex('sessions_started').on('sessions').column('started_at').execute()
    await db.schema
      .createIndex('sessions_account')
      .on('sessions')
      .columns(['account_id', 'started_at'])
      .execute()
    await db.schema.createIndex('audit_action').on('audit').columns(['action', 'seq']).execute()
    await db.schema.createIndex('sessions_state').on('sessions').column('state').execute()
  },
}
