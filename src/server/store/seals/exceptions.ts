/**
 * Every table is sealed, row by row and as a whole, but these; each with the reason. A table that comes later is sealed by itself.
 */
export const unsealedTables: Readonly<Record<string, string>> = {
  row_seals: 'the seals themselves',
  table_seals: 'the seals themselves',
  wrapped_keys: 'what the seals are made with: wrapped under the master key, each bound to its name',
  audit: 'append-only with a keyed chain of its own, whose end is sealed and shipped',
  audit_subjects: 'derived from the audit records, and verified against them',
  audit_checkpoints: 'signed',
  audit_checkpoints_shipped: 'says only what need not be sent again',
  audit_shipping: 'says only what need not be sent again',
  worklist_changes: 'says only what is to be read again; cleared as it goes',
  kysely_migration: 'the library’s own: which tables there are is held against what is sealed',
  kysely_migration_lock: 'the library’s own',
}

/** Rows of sealed tables that are not: an SQL condition that is true of those that are (`row.` stands for the row). */
export const sealedRowsOf: Readonly<Record<string, string>> = {
  // The end of the audit chain is sealed by itself, and written with every record.
  settings: `row."name" <> 'audit-head'`,
}

export const isSealed = (table: string): boolean =>
  !Object.hasOwn(unsealedTables, table) && !table.startsWith('sqlite_')
