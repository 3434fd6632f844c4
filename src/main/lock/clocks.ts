import { uptime } from 'node:os'
import type { Clock } from '../../shared/time/clock.ts'

/**
 * The machine's time since it started. Nobody can set it, and unlike `performance.now()` it goes on while the machine
 * sleeps (CLOCK_BOOTTIME on Linux, GetTickCount64 on Windows, since kern.boottime on macOS).
 */
export const steadyClock: Clock = () => uptime() * 1_000

/** Both clocks, read together. */
export interface Moment {
  wall: number
  steady: number
}

/** Ticks are a second apart; a process that did not run for this long was suspended together with its machine. */
const longestGapMs = 10_000
/** Time services correct by less at once; drift between two ticks is nothing beside it. */
const toleratedMs = 5_000

/**
 * What happened between two ticks, where the screen must not stay open after it: the machine slept without a word, or the
 * wall clock was set (by the user, or in a virtual machine that stood still). Null where time has simply passed.
 */
export function clockJump(before: Moment, now: Moment): 'suspend' | 'clock-changed' | null {
  const passed = now.steady - before.steady
  if (passed > longestGapMs) return 'suspend'
  const set = now.wall - before.wall - passed
  return Math.abs(set) > toleratedMs ? 'clock-changed' : null
}
