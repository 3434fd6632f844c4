import { chmodSync, closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'

/**
 * Holds a data directory for one gateway process. The lock is SQLite's own file lock, which the operating system drops
 * with the process however it ends, so that no stale lock is left to clean up after a crash.
 * @returns the function that gives it back.
 * @throws Error naming the file where another process holds it.
 */
export function holdInstanceLock(file: string): () => void {
  // Whoever may open the file may lock it, and so keep the gateway from starting.
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  const lock = new Database(file, { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if ((error as { code?: string }).code === 'SQLITE_BUSY') {
      throw new Error(`${file}: another gateway is running on this data directory`)
    }
    throw error
  }
  return () => {
    lock.close()
  }
}
