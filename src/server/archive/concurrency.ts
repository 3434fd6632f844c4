/** Runs at most `limit` tasks at a time, the others in the order that they came. An aborted task that waits never starts. */
export type Limit = <T>(task: () => Promise<T>, signal?: AbortSignal) => Promise<T>

export function limitTo(limit: number): Limit {
  let running = 0
  const waiting: (() => void)[] = []

  const enter = () =>
    new Promise<void>((resolve) => {
      if (running < limit) {
        running += 1
        resolve()
      } else {
        waiting.push(resolve)
      }
    })
  /** The place goes to the next in line, or is free. */
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }

  return async (task, signal) => {
    await enter()
    try {
      signal?.throwIfAborted()
      return await task()
    } finally {
      leave()
    }
  }
}
