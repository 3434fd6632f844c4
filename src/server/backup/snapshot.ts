import { stat } from 'node:fs/promises'
import Database from 'better-sqlite3'
import type { Clock } from '../../shared/time/clock.ts'

/** Pages copied before others have a turn: about a millisecond's work. */
const pagesAtATime = 256

/**
 * Copies the gateway's database while it works (SQLite's online backup API), as of one moment: a read transaction of a
 * connection of its own holds that moment, so that what is written meanwhile neither comes in nor makes it begin anew.
 * @returns when the moment was: everything committed before is in the copy.
 */
export async function snapshotDatabase(
  database: string,
  to: string,
  deps: { clock: Clock; signal?: AbortSignal; onPages?: (done: number, total: number) => void },
): Promise<{ coversUntil: number; bytes: number }> {
  const source = new Database(database, { readonly: true, fileMustExist: true, timeout: 5000 })
  try {
    const coversUntil = deps.clock()
    source.exec('begin')
    source.prepare('select count(*) from sqlite_master').get()
    await source.backup(to, {
      progress({ totalPages, remainingPages }) {
        deps.signal?.throwIfAborted()
        deps.onPages?.(totalPages - remainingPages, totalPages)
        return pagesAtATime
      },
    })
    source.exec('commit')
    return { coversUntil, bytes: (await stat(to)).size }
  } finally {
    source.close()
  }
}
