import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'

/** A PKCS#12 file found on a medium. The id is of its path and content: another file in its place is another token. */
export interface MediaFile {
  id: string
  path: string
  label: string
}

const largestFile = 1024 * 1024
const mostEntries = 2_000

/** Finds .p12 and .pfx files in the directories and one folder below; what cannot be read is not there. */
export function createMediaScan(): (directories: readonly string[]) => Promise<MediaFile[]> {
  // A file whose size, times and inode stand still is not read again each second from a slow stick.
  let known = new Map<string, { stamp: string; file: MediaFile }>()

  return async (directories) => {
    const paths = (await Promise.all(directories.map((directory) => keyFiles(directory, 1)))).flat()
    const next: typeof known = new Map()
    for (const path of new Set(paths)) {
      const info = await stat(path).catch(() => null)
      if (!info?.isFile() || info.size > largestFile) continue
      const stamp = [info.size, info.mtimeMs, info.ctimeMs, info.ino, info.dev].join(' ')
      const before = known.get(path)
      const file = before?.stamp === stamp ? before.file : await identify(path)
      if (file) next.set(path, { stamp, file })
    }
    known = next
    return [...known.values()].map(({ file }) => file)
  }
}

/** The token id of a file's content at a path. */
export function mediaFileId(path: string, content: Uint8Array): string {
  const hash = createHash('sha256').update(path).update('\0').update(content).digest('hex')
  return `p12:${hash.slice(0, 32)}`
}

async function identify(path: string): Promise<MediaFile | null> {
  const content = await readFile(path).catch(() => null)
  const label = basename(path, extname(path)).replace(/\p{C}/gu, '').slice(0, 64)
  return content && { id: mediaFileId(path, content), path, label }
}

async function keyFiles(directory: string, depth: number): Promise<string[]> {
  const entries = (await readdir(directory, { withFileTypes: true }).catch(() => [])).slice(0, mostEntries)
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name)
      if (entry.isFile()) return /\.(p12|pfx)$/i.test(entry.name) ? [path] : []
      return entry.isDirectory() && depth > 0 && !entry.name.startsWith('.') ? keyFiles(path, depth - 1) : []
    }),
  )
  return found.flat()
}
