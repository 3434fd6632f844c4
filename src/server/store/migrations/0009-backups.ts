import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Backups, where their copies are, and drills. */
export const backups: Migration = {
  async up(_db: Kysely<unknown>): Promise<void> {},
}
