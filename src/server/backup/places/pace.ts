import { setTimeout as sleep } from 'node:timers/promises'

/** Waits so that, from the first call on, no more than so many bytes a second go. `elapsed`: milliseconds that only go forward. */
export function createPace(
  bytesPerSecond: number,
  elapsed: () => number = () => performance.now(),
): (bytes: number, signal?: AbortSignal) => Promise<void> {
  let freeAt = 0
  return async (bytes, signal) => {
    const now = elapsed()
    const start = Math.max(now, freeAt)
    freeAt = start + (bytes / bytesPerSecond) * 1000
    if (start > now) await sleep(start - now, undefined, signal ? { signal } : {})
  }
}
