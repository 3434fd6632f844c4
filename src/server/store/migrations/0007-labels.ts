import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Rules that label by, labels of patients and reports, reviews of broken glass. */
export const labels: Migration = {
  async up(_db: Kysely<unknown>): Promise<void> {},
}
