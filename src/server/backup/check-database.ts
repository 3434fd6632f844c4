import { Worker } from 'node:worker_threads'
import { z } from 'zod'

const Checked = z.object({
  /** What `pragma integrity_check` lists beside ok; at most 10. */
  faults: z.int(),
  /** Rows that name a row of another table which is not there. */
  orphans: z.int(),
  rows: z.record(z.string(), z.int()),
})
export type CheckedDatabase = z.infer<typeof Checked>

/** SQLite's own checks of a database file, and how many rows each table has. A file that cannot be read as one has a fault. */
export function checkDatabase(file: string): Promise<CheckedDatabase> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { workerData: file })
    const unreadable = () => resolve({ faults: 1, orphans: 0, rows: {} })
    worker.once('message', (answer) => {
      const checked = Checked.safeParse(answer)
      if (checked.success) resolve(checked.data)
      else unreadable()
    })
    worker.once('error', unreadable)
    worker.once('exit', unreadable)
  })
}
