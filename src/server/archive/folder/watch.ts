import { basename, relative, sep } from 'node:path'
import { watch } from 'chokidar'
import type { Logger } from 'pino'
import { isHidden } from './scan.ts'

export interface FolderWatch {
  close(): Promise<void>
}

/**
 * Calls `changed` with the paths that came, changed or went, once the folder has been quiet for `quietMs` (but after
 * 10 × that in any case, so that a long import shows while it runs).
 */
export function watchFolder(
  root: string,
  { quietMs, log }: { quietMs: number; log: Logger },
  changed: (paths: string[]) => void,
): FolderWatch {
  let pending = new Set<string>()
  let first: NodeJS.Timeout | undefined
  let quiet: NodeJS.Timeout | undefined

  const flush = () => {
    clearTimeout(first)
    clearTimeout(quiet)
    first = undefined
    const paths = [...pending]
    pending = new Set()
    if (paths.length > 0) changed(paths)
  }
  const note = (path: string) => {
    pending.add(path)
    clearTimeout(quiet)
    quiet = setTimeout(flush, quietMs)
    first ??= setTimeout(flush, quietMs * 10)
  }

  const watcher = watch(root, {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path) =>
      path !== root && (relative(root, path).split(sep).some(isHidden) || isHidden(basename(path))),
  })
  watcher.on('add', note).on('change', note).on('unlink', note)
  // Out of watches, or a network mount that has none: the periodic look at the folder finds what is missed here.
  watcher.on('error', (error) =>
    log.warn({ code: (error as { code?: string }).code }, 'archive folder watch failed'),
  )

  return {
    async close() {
      clearTimeout(first)
      clearTimeout(quiet)
      await watcher.close()
    },
  }
}
