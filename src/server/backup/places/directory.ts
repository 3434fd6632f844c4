import { mkdir, open, readdir, readFile, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Place, PlaceError } from './place.ts'

/** A directory: the gateway's own backups, another disk, a mounted share. */
export function directoryPlace(name: string, root: string): Place {
  const at = (key: string) => join(root, key)

  async function size(key: string): Promise<number | null> {
    try {
      return (await stat(at(key))).size
    } catch (error) {
      if (isAbsent(error)) return null
      throw error
    }
  }

  return {
    name,
    size,
    async names(prefix) {
      try {
        return (await readdir(at(prefix))).sort()
      } catch (error) {
        if (isAbsent(error)) return []
        throw error
      }
    },
    async get(key) {
      try {
        return await readFile(at(key))
      } catch (error) {
        if (isAbsent(error)) throw new PlaceError(name, 'absent', { cause: error })
        throw error
      }
    },
    async put(key, bytes, { signal, pace } = {}) {
      // The root itself is not made: where a share is not mounted, nothing is to be written in its place.
      await stat(root).catch((cause) => {
        throw new PlaceError(name, 'unreachable', { cause })
      })
      await mkdir(dirname(at(key)), { recursive: true, mode: 0o700 })
      const there = await size(key)
      if (there !== null && there > bytes.length) throw new PlaceError(name, 'exists')
      const handle = await open(at(key), 'a', 0o600)
      try {
        for (let from = there ?? 0; from < bytes.length; from += step) {
          signal?.throwIfAborted()
          const part = bytes.subarray(from, from + step)
          await pace?.(part.length)
          await handle.write(part)
        }
        await handle.sync()
      } finally {
        await handle.close()
      }
      await syncDirectory(dirname(at(key)))
    },
    async remove(key) {
      await rm(at(key), { force: true }).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'EPERM' || cause.code === 'EACCES' || cause.code === 'EROFS')
          throw new PlaceError(name, 'refused', { cause })
        throw cause
      })
      await rmdir(dirname(at(key))).catch(() => undefined)
    },
    close: async () => {},
  }
}

const step = 65_536

const isAbsent = (error: unknown) => {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** Makes names in a directory survive a power cut. Not every file system can; then it does so by itself. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => null)
  try {
    await handle?.sync()
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    await handle?.close()
  }
}
