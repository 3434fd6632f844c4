import { columns, type Schema } from '../store/index.ts'

/** A table whose ciphertext can be replaced, row by row. */
export interface ResealableTable {
  table: keyof Schema
  sealed: readonly string[]
  /** What Place.row of its values is. */
  row: (row: Record<string, unknown>) => string
  /** SQL that is true of the rows that may be changed and have ciphertext. */
  only: string
  /** What rows are gone through by: their rowid, or the one primary key where a table has none. */
  cursor: string
}

const withoutRowid: Partial<Record<keyof Schema, string>> = { table_seals: 'name' }

/** From the reviewed table of all columns: what is encrypted, in tables whose rows may be changed. */
export function resealableTables(): ResealableTable[] {
  return (Object.keys(columns) as (keyof Schema)[]).flatMap((table) => {
    const { kept, row, only = '1', columns: all } = columns[table]
    const sealed = Object.entries(all as Record<string, { as: string }>)
      .filter(([, column]) => column.as === 'encrypted')
      .map(([name]) => name)
    if (kept === 'once' || sealed.length === 0) return []
    const cursor = withoutRowid[table] ?? 'rowid'
    return [{ table, sealed, row: row ?? (({ id }) => String(id)), only, cursor }]
  })
}
