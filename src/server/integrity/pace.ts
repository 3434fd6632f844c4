import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

/** Work is let go of after so long, so that nobody else waits for it. */
const mostAtOnceMs = 10

/**
 * Lets others go first: call it after each small step. It waits so that the steps take no more than `load` of one processor.
 * @returns a function that resolves when the next step may begin.
 */
export function createPace(load: number, signal?: AbortSignal): () => Promise<void> {
  let since = performance.now()
  return async () => {
    signal?.throwIfAborted()
    const busy = performance.now() - since
    if (busy < mostAtOnceMs) return
    const rest = busy / load - busy
    await (rest < 1 ? nextTurn() : sleep(rest, undefined, signal ? { signal } : {}))
    since = performance.now()
  }
}

/** As a pace, for work that somebody waits for: others go first every few milliseconds, and it rests no longer than that. */
export function createTurns(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < mostAtOnceMs) return
    await nextTurn()
    since = performance.now()
  }
}
