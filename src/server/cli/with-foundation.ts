import { pino } from 'pino'
import { dataDirectory } from '../data-directory/index.ts'
import type { Foundation } from '../foundation.ts'
import { openFoundation } from '../open-foundation.ts'

/** Opens a data directory for one command, beside a running gateway too, and closes it whatever happens. */
export async function withFoundation<T>(
  dir: string,
  work: (foundation: Foundation, paths: ReturnType<typeof dataDirectory>) => Promise<T>,
): Promise<T> {
  const paths = dataDirectory(dir)
  const foundation = await openFoundation(paths, { clock: Date.now, log: pino({ level: 'silent' }) })
  try {
    return await work(foundation, paths)
  } finally {
    await foundation.store.close()
  }
}
