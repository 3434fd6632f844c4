import Database from 'better-sqlite3'

export interface CheckedFile {
  /** What `pragma integrity_check` lists beside ok; at most 10. */
  faults: number
  /** Rows that name a row of another table which is not there. */
  orphans: number
  /** Of each table. */
  rows: Record<string, number>
}

/** SQLite's own checks of a database file. Reads all of it, and holds its thread until then. @throws SqliteError where it is none. */
export function checkFile(file: string): CheckedFile {
  const database = new Database(file, { readonly: true, fileMustExist: true })
  try {
    const integrity = database.pragma('integrity_check(10)', { simple: false }) as {
      integrity_check: string
    }[]
    const foreign = database.pragma('foreign_key_check') as unknown[]
    const tables = database
      .prepare(
        `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`,
      )
      .pluck()
      .all() as string[]
    const rows: Record<string, number> = {}
    for (const table of tables)
      rows[table] = database
        .prepare(`select count(*) from "${table.replaceAll('"', '""')}"`)
        .pluck()
        .get() as number
    const faults = integrity.filter((row) => row.integrity_check !== 'ok').length
    return { faults, orphans: foreign.length, rows }
  } finally {
    database.close()
  }
}
