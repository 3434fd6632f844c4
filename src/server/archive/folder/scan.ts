import { readdir, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Unreadable } from '../object/unreadable.ts'
import type { CatalogueFile } from './catalogue.ts'
import { inspect, type withFile } from './inspect.ts'

/** Names that begin with a dot are another program's business: file managers', and copies under way. */
export const isHidden = (name: string): boolean => name.startsWith('.')

/** Every path below `root` that is not a folder, sorted, so that of two equal objects the same one always wins. */
export async function listFiles(root: string): Promise<string[]> {
  const found: string[] = []
  const folders = [root]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await entriesOf(folder, folder === root)) {
      if (isHidden(entry.name)) continue
      const path = join(folder, entry.name)
      // A link is listed, not followed: it may lead out of the folder, or round in a circle.
      if (entry.isDirectory()) folders.push(path)
      else found.push(path)
    }
  }
  return found.sort()
}

/** A subfolder may go, or be closed to us, while we look; that the archive's own folder is not there is an error. */
async function entriesOf(folder: string, isRoot: boolean) {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (isRoot) throw error
    return []
  }
}

/**
 * Reads one file for the catalogue; null when it is gone. What is wrong with it is its content. `path` is below a folder
 * that is itself free of links, so that a real path other than it means a link on the way.
 */
export async function examine(path: string, open: typeof withFile): Promise<CatalogueFile | null> {
  let state = { size: 0, mtimeMs: 0 }
  try {
    if ((await realpath(path)) !== path) {
      // Reached through a linked folder it is not a file of the archive at all; the link itself is listed.
      const folder = dirname(path)
      return (await realpath(folder)) === folder
        ? { path, ...state, content: 'symbolic link, not followed' }
        : null
    }
    return await open(path, async (source, seen) => {
      state = seen
      return { path, ...seen, content: await inspect(source) }
    })
  } catch (error) {
    if (error instanceof Unreadable) return { path, ...state, content: error.reason }
    switch (codeOf(error)) {
      case 'ENOENT':
      case 'ENOTDIR':
        return null
      case 'ELOOP':
      case 'EMLINK':
        return { path, ...state, content: 'symbolic link, not followed' }
      case 'ENXIO':
      case 'ENODEV':
        return { path, ...state, content: 'not a regular file' }
      case undefined:
        // Not the file system's: our reader met something that it was not made for. The file is at fault, not the archive.
        return { path, ...state, content: 'malformed data set' }
      default:
        return { path, ...state, content: 'cannot be read' }
    }
  }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
