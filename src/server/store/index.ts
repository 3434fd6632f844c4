import type { Kysely, Transaction } from 'kysely'
import type { Schema } from './schema.ts'

export { openStore } from './open.ts'
export type * from './schema.ts'

/** A connection or a transaction: what a capability's queries run on. */
export type Queries = Kysely<Schema> | Transaction<Schema>

/** The gateway's database. */
export interface Store {
  readonly db: Kysely<Schema>
  /**
   * Another value whenever something was written since, by this process (committed or not) or committed by another: what was read
   * after a mark was taken is still so while the mark is the same. Far cheaper than any query.
   */
  mark(): string
  /** Runs `work` in one transaction; a throw rolls everything back, audit rows included. Transactions run one after another. */
  transaction<T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T>
  close(): Promise<void>
}
