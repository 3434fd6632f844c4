import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type DemoOrder, loadDemoOrders } from '../demo/index.ts'
import { catalogue, isPhantomName } from './catalogue.ts'
import { countFiles } from './study.ts'

export type FromWorker = 'file' | 'ready'

export interface GenerateOptions {
  /** Folder that receives `<accession>/<series>/<instance>.dcm`; made when absent. */
  readonly targetDir: string
  /** Epoch ms that the exams' times are reckoned from. */
  readonly now: number
  /** Called after each file. */
  readonly onProgress?: (done: number, total: number) => void
  /** Only these accession numbers; all when absent. */
  readonly only?: readonly string[]
}

/**
 * Makes the studies of the demo orders: synthetic, the same pixels every time. Studies are shared out over threads, the
 * costliest first. Rejects when a file cannot be written; files already written stay and are whole.
 */
export async function generateDemoStudies(options: GenerateOptions): Promise<void> {
  const orders = loadDemoOrders(options.now)
    .filter((order) => order.phantom !== null && (options.only?.includes(order.accessionNumber) ?? true))
    .sort((a, b) => costOf(b) - costOf(a))
  const total = orders.reduce((sum, order) => sum + countFiles(order), 0)
  await mkdir(options.targetDir, { recursive: true })
  let done = 0
  const onFile = () => options.onProgress?.(++done, total)
  const threads = Math.min(orders.length, Math.max(1, availableParallelism()), 8)
  const workers = Array.from(
    { length: threads },
    () =>
      new Worker(new URL('./worker.ts', import.meta.url), { workerData: { targetDir: options.targetDir } }),
  )
  try {
    await Promise.all(workers.map((worker) => feed(worker, orders, onFile)))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** Hands a worker one study after the other until none is left. */
function feed(worker: Worker, queue: DemoOrder[], onFile: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message === 'file') return onFile()
      const next = queue.shift()
      if (next) worker.postMessage(next)
      else resolve()
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`phantom worker ended early with code ${code}`)))
  })
}

function costOf({ phantom }: DemoOrder): number {
  return phantom !== null && isPhantomName(phantom) ? catalogue[phantom].cost : 0
}
