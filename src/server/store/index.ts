import type { Database } from 'better-sqlite3'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { journalState } from './journal.ts'
import type { UnrecordedAct } from './recorded/index.ts'
import type { Schema } from './schema.ts'
import type { SealedTable, SealKeys } from './seals/index.ts'

export { type Column, columns } from './columns/index.ts'
export { openStore } from './open.ts'
export { UnrecordedChange } from './recorded/index.ts'
export type * from './schema.ts'
export {
  combined,
  conditionOf,
  emptySeal,
  keyOf,
  openTableSeal,
  rowContent,
  type SealedTable,
  type SealKeys,
  sealsVersion,
  sealTable,
  type TableSeal,
  tableSealPlace,
  termOf,
  type Value,
  valuesOf,
  whole,
  wholeName,
} from './seals/index.ts'

/** A connection or a transaction: what a capability's queries run on. */
export type Queries = Kysely<Schema> | Transaction<Schema>

/** The gateway's database. */
export interface Store {
  readonly db: Kysely<Schema>
  /** How the write-ahead log was found: `damaged` where what had been committed may be lost. */
  readonly journal: ReturnType<typeof journalState>
  /** The seals of rows and tables: nothing sealed can be written before they are opened (`sealRows` in src/server/integrity). */
  readonly seals: {
    open(keys: SealKeys): void
    tables(): readonly SealedTable[]
    /**
     * That a row that was read is as it was sealed; for lists, which `whole` would end at the first that is not. It needs no more of the
     * row than its primary key. @throws IntegrityError
     */
    check(table: keyof Schema, row: object): void
  }
  /**
   * Another value whenever something was written since, by this process (committed or not) or committed by another: what was read
   * after a mark was taken is still so while the mark is the same. Far cheaper than any query.
   */
  mark(): string
  /** All of `wrapped_keys`, at once and from whatever is committed: a value may name a key that another process has just made. */
  wrappedKeys(): Selectable<Schema['wrapped_keys']>[]
  /** A reader of the database as it stands at this moment, to be closed soon: the journal grows while it is open. */
  snapshot(): Database
  /**
   * Runs `work` in one transaction; a throw rolls everything back, audit rows included. Transactions run one after another. One
   * that changed something and wrote no audit record does not commit; what is not held to that stands in `recorded/exceptions.ts`,
   * where `unrecorded` is named.
   * @throws UnrecordedChange
   */
  transaction<T>(work: (trx: Transaction<Schema>) => Promise<T>, unrecorded?: UnrecordedAct): Promise<T>
  /** From now on a change outside of `transaction`, which nothing can be recorded with, fails too: for a gateway that serves. */
  recordedOnly(): void
  close(): Promise<void>
}
