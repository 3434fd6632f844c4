import type { Kysely, Transaction } from 'kysely'
import type { Schema } from './schema.ts'

export { openStore } from './open.ts'
export type * from './schema.ts'

/** A connection or a transaction: what a capability's queries run on. */
export type Queries = Kysely<Schema> | Transaction<Schema>

/** The gateway's database. */
export interface Store {
  readonly db: Kysely<Schema>
  /** Runs `work` in one transaction; a throw rolls everything back, audit rows included. Transactions run one after another. */
  transaction<T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T>
  close(): Promise<void>
}
