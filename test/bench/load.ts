import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { LoadJob, LoadResult } from './load-client.ts'

export interface LoadClient {
  run(job: LoadJob): Promise<LoadResult>
  close(): void
}

/** Starts the load client; one job at a time. */
export function startLoadClient(): LoadClient {
  const child = fork(join(import.meta.dirname, 'load-client.ts'))
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        const ended = () => reject(new Error('the load client ended'))
        child.once('exit', ended)
        child.once('message', (answer: { result: LoadResult } | { error: string }) => {
          child.off('exit', ended)
          if ('result' in answer) resolve(answer.result)
          else reject(new Error(answer.error))
        })
        child.send(job)
      }),
    close: () => void child.kill(),
  }
}
