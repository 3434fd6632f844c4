import type { Clock } from '../../shared/time/clock.ts'

/** How long doing the same thing again is still the same act. */
export const stretchMs = 10 * 60_000
/** More are open at a time than in any hospital; the oldest are then told anew. */
const mostOpen = 50_000

/**
 * Tells what is done anew from what only goes on: a reader asks for a study's thousand frames, a window for the same list every
 * few seconds, and that is one act for so long.
 */
export function createStretches(clock: Clock) {
  /** When each began, the earliest first. */
  const begun = new Map<string, { at: number; noted: Promise<void> }>()

  return {
    /**
     * Notes `key` unless it was within the stretch. Who comes while it is being noted waits for that; where it cannot be, all of
     * them fail, and the next tries again.
     */
    async once(key: string, note: () => Promise<void>): Promise<void> {
      const known = begun.get(key)
      const now = clock()
      if (known && now >= known.at && now - known.at < stretchMs) return known.noted
      if (begun.size >= mostOpen) begun.delete(begun.keys().next().value ?? '')
      begun.delete(key)
      const noted = note()
      begun.set(key, { at: now, noted })
      try {
        await noted
      } catch (error) {
        if (begun.get(key)?.noted === noted) begun.delete(key)
        throw error
      }
    },
  }
}
