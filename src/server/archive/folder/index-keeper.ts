import { stat } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Clock } from '../../../shared/time/clock.ts'
import { limitTo } from '../concurrency.ts'
import type { Catalogue, CatalogueFile } from './catalogue.ts'
import type { withFile } from './inspect.ts'
import { codeOf, examine, listFiles } from './scan.ts'
import { watchFolder } from './watch.ts'

export interface IndexTimes {
  /** Changes are taken in once the folder has been quiet this long. */
  quietMs: number
  /** A file that cannot be read and changed less than this ago may still be being written: it is looked at again. */
  settleMs: number
  /** How often the whole folder is looked over, for what the watch missed. */
  rescanMs: number
}

export interface IndexKeeper {
  close(): Promise<void>
}

/**
 * Keeps the catalogue true to the folder: all of it at once before this returns, then as it changes.
 * @throws the file system's error where the folder cannot be listed
 */
export async function keepIndex(
  root: string,
  catalogue: Catalogue,
  {
    times,
    clock,
    log,
    changed,
    open,
  }: { times: IndexTimes; clock: Clock; log: Logger; changed: () => void; open: typeof withFile },
): Promise<IndexKeeper> {
  const limit = limitTo(8)
  const timers = new Set<NodeJS.Timeout>()
  let closed = false
  /** One look at a time, so that an older reading never replaces a newer. */
  let work: Promise<void> = Promise.resolve()

  const later = (ms: number, task: () => void) => {
    if (closed) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      task()
    }, ms)
    timer.unref()
    timers.add(timer)
  }

  /** Whether that changed what the archive has to say. */
  const take = (path: string, file: CatalogueFile | null, isFirst: boolean): boolean => {
    const before = catalogue.file(path)
    const age = file ? clock() - file.mtimeMs : 0
    const mayBeUnfinished = file && typeof file.content === 'string' && age >= 0 && age < times.settleMs
    if (mayBeUnfinished) later(times.settleMs, () => enqueue(() => look([path])))
    // Not to be listed as broken while it is being written; what was served before is no longer there to serve.
    if (file === null || (mayBeUnfinished && !isFirst)) {
      catalogue.remove(path)
      return before !== undefined
    }
    catalogue.put(file)
    return before?.content !== file.content
  }

  const look = async (paths: string[], isFirst = false) => {
    const files = await Promise.all(paths.map((path) => limit(() => examine(path, open))))
    const news = paths.filter((path, i) => take(path, files[i] ?? null, isFirst))
    if (news.length > 0 && !closed) changed()
  }

  const rescan = async () => {
    const present = await listFiles(root)
    const gone = new Set(catalogue.paths())
    for (const path of present) gone.delete(path)
    const stale = await Promise.all(present.map((path) => limit(() => isStale(path, catalogue.file(path)))))
    await look([...present.filter((_, i) => stale[i]), ...gone])
  }

  const enqueue = (task: () => Promise<void>) => {
    work = work
      .then(() => (closed ? undefined : task()))
      .catch((error) => log.warn({ code: codeOf(error) }, 'archive folder could not be looked at'))
  }
  const rescanNext = () =>
    later(times.rescanMs, () => {
      enqueue(rescan)
      rescanNext()
    })

  // Watching begins first: what comes between is looked at twice rather than not at all.
  const watch = watchFolder(root, { quietMs: times.quietMs, log }, (paths) =>
    enqueue(() => look(paths.sort())),
  )
  try {
    await look(await listFiles(root), true)
  } catch (error) {
    await watch.close()
    throw error
  }
  rescanNext()

  return {
    async close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      await watch.close()
      await work
    },
  }
}

async function isStale(path: string, known: CatalogueFile | undefined): Promise<boolean> {
  if (!known) return true
  // A link's own content never changes what we say of it.
  if (known.content === 'symbolic link, not followed') return false
  const state = await stat(path).catch(() => null)
  return state?.size !== known.size || state.mtimeMs !== known.mtimeMs
}
