import type { Clock } from '../../shared/time/clock.ts'

/** How long doing the same thing again is still the same act, where nothing else is said. */
const stretchMs = 10 * 60_000
/** More are open at a time than in any hospital; the oldest are then told anew. */
const mostOpen = 50_000

/**
 * Tells what is done anew from what only goes on: a reader asks for a study's thousand frames, a window for the same list every
 * few seconds, and that is one act for so long.
 */
export function createStretches(clock: Clock, lastsMs = stretchMs) {
  /** When each began, the earliest first. */
  const begun = new Map<string, { at: number; noted: Promise<void> }>()

  function known(key: string): { at: number; noted: Promise<void> } | undefined {
    const one = begun.get(key)
    const now = clock()
    return one && now >= one.at && now - one.at < lastsMs ? one : undefined
  }

  function put(key: string, noted: Promise<void>): void {
    if (begun.size >= mostOpen) begun.delete(begun.keys().next().value ?? '')
    begun.delete(key)
    begun.set(key, { at: clock(), noted })
  }

  return {
    /** Whether it was noted within the stretch; for who notes it in a transaction of their own, and then says `begin`. */
    goesOn: (key: string): boolean => known(key) !== undefined,
    begin: (key: string): void => put(key, Promise.resolve()),
    /**
     * Notes `key` unless it was within the stretch. Who comes while it is being noted waits for that; where it cannot be, all of
     * them fail, and the next tries again.
     */
    async once(key: string, note: () => Promise<void>): Promise<void> {
      const before = known(key)
      if (before) return before.noted
      const noted = note()
      put(key, noted)
      try {
        await noted
      } catch (error) {
        if (begun.get(key)?.noted === noted) begun.delete(key)
        throw error
      }
    },
  }
}
