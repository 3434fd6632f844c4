import type { Clock } from '../../../shared/time/clock.ts'

/**
 * Slows PIN guessing on a file, which cannot count its own tries: after three wrong PINs each further one doubles the
 * wait, up to fifteen minutes. Counted per file content, in memory: whoever can restart the workstation can also copy
 * the file, so a count on disk would only look safer.
 */
export interface TryCounter {
  /** Milliseconds until the next try is allowed; 0 for now. */
  waitMs(id: string): number
  wrong(id: string): void
  right(id: string): void
}

const freeTries = 3
const firstDelayMs = 5_000
const longestDelayMs = 900_000

export function delayAfter(wrong: number): number {
  return wrong < freeTries ? 0 : Math.min(firstDelayMs * 2 ** (wrong - freeTries), longestDelayMs)
}

export function createTryCounter(clock: Clock): TryCounter {
  const counts = new Map<string, { wrong: number; nextAt: number }>()
  return {
    waitMs: (id) => Math.max(0, (counts.get(id)?.nextAt ?? 0) - clock()),
    wrong: (id) => {
      const wrong = (counts.get(id)?.wrong ?? 0) + 1
      counts.set(id, { wrong, nextAt: clock() + delayAfter(wrong) })
    },
    right: (id) => counts.delete(id),
  }
}
