import type { TimeSample } from './sntp.ts'

/** What the servers said together: the median, and whose it is. */
export interface Measurement {
  /** The server of the median; `+2` behind it where others answered as well. */
  source: string
  offsetMs: number
}

/** The median by offset, the lower of two middle ones; null where nobody answered. One liar among three does not count. */
export function medianOf(samples: readonly (TimeSample & { server: string })[]): Measurement | null {
  const sorted = samples.toSorted((a, b) => a.offsetMs - b.offsetMs)
  const middle = sorted[(sorted.length - 1) >> 1]
  if (!middle) return null
  const others = sorted.length - 1
  return {
    source: others > 0 ? `${middle.server} +${others}` : middle.server,
    offsetMs: Math.round(middle.offsetMs),
  }
}

/** How far the wall clock was set between two looks, in ms: what it went on by, less what truly passed. */
export function stepBetween(
  before: { wall: number; elapsed: number },
  now: { wall: number; elapsed: number },
): number {
  return Math.round(now.wall - before.wall - (now.elapsed - before.elapsed))
}
