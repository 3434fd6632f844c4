import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Generations of the data keys. */
export const keyGenerations: Migration = {
  async up(_db: Kysely<unknown>): Promise<void> {},
}
