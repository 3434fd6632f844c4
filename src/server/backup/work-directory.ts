import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { holdInstanceLock } from '../data-directory/index.ts'
import { BackupRefused } from './damaged.ts'

/** A private place for what is unsealed for a while: copies of the database, restores that are tried out. */
export interface WorkDirectory {
  path: string
  /** Takes it away. */
  close(): Promise<void>
}

/**
 * Where such places are made. Each is held by a lock that the operating system drops with its process, so that what a killed
 * process left behind is told from what is in use.
 */
export function createWorkDirectories(root: string) {
  const locked = (name: string) => holdInstanceLock(join(root, `${name}.lock`))

  async function open(what: string): Promise<WorkDirectory> {
    await mkdir(root, { recursive: true, mode: 0o700 })
    const name = `${what}-${randomBytes(6).toString('hex')}`
    const release = locked(name)
    const path = join(root, name)
    await mkdir(path, { mode: 0o700 })
    return {
      path,
      async close() {
        await rm(path, { recursive: true, force: true })
        release()
        await rm(join(root, `${name}.lock`), { force: true })
      },
    }
  }

  /** Removes what processes that are no more have left. @returns how many */
  async function clear(): Promise<number> {
    let cleared = 0
    const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (!entry.isDirectory()) continue
      let release: () => void
      try {
        release = locked(entry.name)
      } catch {
        continue
      }
      await rm(join(root, entry.name), { recursive: true, force: true })
      release()
      await rm(join(root, `${entry.name}.lock`), { force: true })
      cleared += 1
    }
    return cleared
  }

  /** One process at a time writes, or removes, backups. @throws BackupRefused `conflict` where another does. */
  async function holdWriting(): Promise<() => void> {
    await mkdir(root, { recursive: true, mode: 0o700 })
    try {
      return locked('writing')
    } catch (error) {
      // The lock's own words for a lock that is held; anything else is the disk.
      if (error instanceof Error && error.message.includes('another gateway'))
        throw new BackupRefused('conflict')
      throw error
    }
  }

  return { root, open, clear, holdWriting }
}
export type WorkDirectories = ReturnType<typeof createWorkDirectories>
