import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ScrubSource } from '../integrity/index.ts'
import type { BackupContext } from './context.ts'
import { newestManifest } from './good-copies.ts'
import { databasePath } from './layout.ts'
import type { BackedUpFile } from './manifest.ts'

/**
 * All other files of the data directory (configuration, keys of the CAs, revocation lists), for the scrub: one that nobody wrote to since the
 * newest backup, by its size and time, has to have the bytes that the backup has. `except`: files that other sources look at.
 */
export function unchangedFilesSource(context: BackupContext, except: (file: string) => boolean): ScrubSource {
  const at = ({ path }: BackedUpFile) => join(context.paths.root, path)

  async function known(): Promise<BackedUpFile[]> {
    const { files = [] } = (await newestManifest(context)) ?? {}
    return files.filter((file) => file.path !== databasePath && !except(at(file)))
  }

  async function isUntouched(file: BackedUpFile): Promise<boolean> {
    const now = await stat(at(file)).catch(() => null)
    // Not every file system, or program that copies files, keeps more than milliseconds.
    return now !== null && now.size === file.size && Math.floor(now.mtimeMs) === Math.floor(file.modifiedAt)
  }

  return {
    name: 'file',
    total: async () => (await known()).length,
    async *check() {
      for (const file of await known()) {
        if (!(await isUntouched(file))) continue
        const isSame = await hasHash(at(file), file.sha256)
        // Written meanwhile.
        const fault = isSame || !(await isUntouched(file)) ? null : 'changed'
        yield { file: file.path, bytes: file.size, fault }
      }
    },
    async backedUp(path) {
      const file = (await known()).find((one) => one.path === path)
      return file ? { at: at(file), isWhole: (candidate) => hasHash(candidate, file.sha256) } : null
    },
  }
}

async function hasHash(file: string, sha256: string): Promise<boolean> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(file), hash)
  } catch {
    return false
  }
  return hash.digest('hex') === sha256
}
