import type { Clock } from '../../shared/time/clock.ts'

/** A difference that is no step: clocks that are slewed, or read a moment apart. */
const toleranceMs = 2000

/**
 * The time that sessions live by: as the wall clock, but where that is set to another time, sessions go on by the time that
 * truly passed until `follow` is called. So a step alone neither makes a session older nor younger.
 */
export interface SessionClock {
  now: Clock
  /** How far the wall clock was set ahead (positive) or back (negative) since it was last followed, in ms; mostly 0. */
  step(): number
  /** Goes over to the wall clock's time; the caller deals with the step. Returns the function that goes back. */
  follow(): () => void
}

/** `elapsed` counts milliseconds from any start and cannot be set; it may stand still while the machine sleeps. */
export function createSessionClock(wall: Clock, elapsed: Clock): SessionClock {
  let at = { now: wall(), elapsed: elapsed() }

  /** Without a step, the wall clock; never back. */
  function now(): number {
    const passed = elapsed()
    const expected = at.now + Math.max(0, passed - at.elapsed)
    const shown = wall()
    const next = Math.abs(shown - expected) < toleranceMs ? shown : expected
    at = { now: Math.max(at.now, next), elapsed: passed }
    return Math.floor(at.now)
  }

  return {
    now,
    step() {
      const by = wall() - now()
      return Math.abs(by) < toleranceMs ? 0 : by
    },
    follow() {
      const before = at
      at = { now: wall(), elapsed: elapsed() }
      return () => {
        at = before
      }
    },
  }
}
