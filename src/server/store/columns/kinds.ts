import type { Schema } from '../schema.ts'

/** How a column's values lie in the file. */
export type Column =
  /** AES-256-GCM ciphertext, bound to its table, column and row. */
  | { as: 'encrypted'; holds: string }
  /** HMAC under the index key: exact look-up only. */
  | { as: 'keyed'; holds: string }
  /** As it is, and why it may be. */
  | { as: 'clear'; why: string }

export interface TableColumns<Row> {
  /** `once`: rows are never changed; triggers refuse it. */
  kept: 'changing' | 'once'
  /** What encrypted values are bound to as their row. Left out where it is the column `id`. */
  row?: (row: Record<string, unknown>) => string
  /** Rows that have ciphertext in these columns at all, and may be changed; left out: all. SQL. */
  only?: string
  columns: { [Name in keyof Row]-?: Column }
}

/** Every column of every table, so that a new one does not compile until it is said what it is. */
export type Columns = { [Table in keyof Schema]: TableColumns<Schema[Table]> }

export const encrypted = (holds: string): Column => ({ as: 'encrypted', holds })
export const keyed = (holds: string): Column => ({ as: 'keyed', holds })
export const clear = (why: string): Column => ({ as: 'clear', why })

export const id = clear('an opaque id')
export const accountId = clear('an opaque id of an account; who that is, is encrypted')
export const time = clear('a time: lists are ordered, and deadlines found, by it')
export const state = clear('a code of a closed list')
export const figure = clear('a count')
export const fingerprint = clear('SHA-256 of a certificate, which has too much in it to be guessed')
