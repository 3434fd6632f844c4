import { ImageProblem } from '../problem.ts'

/** Lower comes first. What is on screen goes past the concurrency limit of what is only prefetched. */
export const urgent = 0

/** Runs loads by priority, each key once at a time; everything can be called off. */
export interface LoadQueue<T> {
  /** Joins a load under way or waiting for the same key, raising its priority where the new one is more pressing. */
  load(key: string, priority: number, run: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Gives waiting loads new priorities; `null` calls the load off, urgent ones excepted. */
  prioritise(rank: (key: string) => number | null): void
  /** Calls off everything, running loads included. Every promise rejects with ImageProblem `cancelled`. */
  cancel(): void
}

interface Entry<T> {
  key: string
  priority: number
  running: boolean
  promise: Promise<T>
  start(): void
  reject(problem: ImageProblem): void
}

export function createLoadQueue<T>(limits: { prefetch: number; total: number }): LoadQueue<T> {
  const entries = new Map<string, Entry<T>>()
  let abort = new AbortController()
  let running = 0

  const mostPressing = (): Entry<T> | undefined => {
    let best: Entry<T> | undefined
    for (const entry of entries.values())
      if (!entry.running && (!best || entry.priority < best.priority)) best = entry
    return best
  }

  const pump = () => {
    for (let next = mostPressing(); next; next = mostPressing()) {
      if (running >= (next.priority <= urgent ? limits.total : limits.prefetch)) return
      next.start()
    }
  }

  return {
    load(key, priority, run) {
      const known = entries.get(key)
      if (known) {
        known.priority = Math.min(known.priority, priority)
        pump()
        return known.promise
      }
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      const { signal } = abort
      const entry: Entry<T> = {
        key,
        priority,
        running: false,
        promise,
        reject,
        start() {
          entry.running = true
          running += 1
          run(signal)
            .then(resolve, reject)
            .finally(() => {
              if (signal.aborted) return
              running -= 1
              entries.delete(key)
              pump()
            })
        },
      }
      entries.set(key, entry)
      pump()
      return promise
    },
    prioritise(rank) {
      for (const entry of entries.values()) {
        if (entry.running || entry.priority <= urgent) continue
        const priority = rank(entry.key)
        if (priority !== null) entry.priority = priority
        else {
          entries.delete(entry.key)
          entry.reject(new ImageProblem('cancelled'))
        }
      }
      pump()
    },
    cancel() {
      abort.abort()
      abort = new AbortController()
      running = 0
      const all = [...entries.values()]
      entries.clear()
      for (const entry of all) entry.reject(new ImageProblem('cancelled'))
    },
  }
}
