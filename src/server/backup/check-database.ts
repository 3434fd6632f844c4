import { stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { type CheckedFile, checkFile } from './check-file.ts'

const Checked = z.object({ faults: z.int(), orphans: z.int(), rows: z.record(z.string(), z.int()) })
const unreadable: CheckedFile = { faults: 1, orphans: 0, rows: {} }

/** Its own file, also in the built gateway: see vite.gateway.config.ts. */
const entry = new URL(
  import.meta.url.endsWith('.ts') ? './check-worker.ts' : './check-worker.js',
  import.meta.url,
)

/** Up to here the check takes some milliseconds, and less than a thread takes to begin. */
const smallBytes = 4 * 1024 * 1024

/** SQLite's own checks of a database file, and how many rows each table has. A file that cannot be read as one has a fault. */
export async function checkDatabase(file: string): Promise<CheckedFile> {
  const { size } = await stat(file).catch(() => ({ size: 0 }))
  if (size > smallBytes) return inThread(file)
  try {
    return checkFile(file)
  } catch {
    return unreadable
  }
}

function inThread(file: string): Promise<CheckedFile> {
  return new Promise((resolve) => {
    const worker = new Worker(entry, { workerData: file })
    const failed = () => resolve(unreadable)
    worker.once('message', (answer) => resolve(Checked.safeParse(answer).data ?? unreadable))
    worker.once('error', failed)
    worker.once('exit', failed)
  })
}
