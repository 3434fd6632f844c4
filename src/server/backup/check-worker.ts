import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

/** Runs in a thread of its own: these checks read the whole database, and nobody is to wait for them. */
const database = new Database(String(workerData), { readonly: true, fileMustExist: true })
try {
  const integrity = database.pragma('integrity_check(10)', { simple: false }) as { integrity_check: string }[]
  const foreign = database.pragma('foreign_key_check') as unknown[]
  const tables = database
    .prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`)
    .pluck()
    .all() as string[]
  const rows: Record<string, number> = {}
  for (const table of tables)
    rows[table] = database
      .prepare(`select count(*) from "${table.replaceAll('"', '""')}"`)
      .pluck()
      .get() as number
  const faults = integrity.filter((row) => row.integrity_check !== 'ok').length
  parentPort?.postMessage({ faults, orphans: foreign.length, rows })
} finally {
  database.close()
}
