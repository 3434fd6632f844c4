import { readFile, stat } from 'node:fs/promises'
import type { Logger } from 'pino'
import { parseLists, type RevocationList } from './lists.ts'

/** Revocation lists in files, read again whenever a file changes. */
export interface ListFiles {
  all(): Promise<RevocationList[]>
  /** Differs once a file has changed. */
  stamp(): Promise<string>
}

/** `files` may grow: those that are not there yet count as none. */
export function createListFiles(files: () => readonly string[], log: Logger): ListFiles {
  const read = new Map<string, { stamp: string; lists: RevocationList[] }>()

  async function stampOf(file: string): Promise<string> {
    const { mtimeMs, size, ino } = await stat(file)
    return `${mtimeMs}/${size}/${ino}`
  }

  async function listsOf(file: string): Promise<RevocationList[]> {
    const known = read.get(file)
    try {
      const stamp = await stampOf(file)
      if (known?.stamp === stamp) return known.lists
      const lists = parseLists(await readFile(file))
      read.set(file, { stamp, lists })
      return lists
    } catch {
      // A file that is missing or half written: the lists read before hold as long as they are current by themselves.
      log.warn({ file }, 'revocation list is not readable')
      return known?.lists ?? []
    }
  }

  return {
    all: async () => (await Promise.all(files().map(listsOf))).flat(),
    stamp: async () =>
      (await Promise.all(files().map((file) => stampOf(file).catch(() => 'none')))).join(' '),
  }
}
