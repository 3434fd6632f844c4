import type { SecurityPolicy } from '../../../shared/policy/index.ts'

export type DelayRules = SecurityPolicy['lockout']['account']

/** Wrong entries in a row of one account or one workstation. Times are epoch ms. */
export interface Lockout {
  failures: number
  lastFailureAt: number
  /** Entries are held off until then; null, or past, where they are not. */
  lockedUntil: number | null
}

/**
 * The lockout with one more failure. From `failures` on each one begins a delay, which doubles up to the longest. The caller
 * has seen that none is running.
 */
export function nextLockout(before: Lockout | null, now: number, rules: DelayRules): Lockout {
  const failures = (before?.failures ?? 0) + 1
  const beyond = failures - rules.failures
  if (beyond < 0) return { failures, lastFailureAt: now, lockedUntil: null }
  const longest = longestDelayMs(rules)
  // The exponent is bounded, so that many failures do not overflow into no delay at all.
  const delay = Math.min(longest, rules.firstDelaySeconds * 1000 * 2 ** Math.min(beyond, 30))
  return { failures, lastFailureAt: now, lockedUntil: now + delay }
}

/** The lockout without a failure that was counted before the entry was looked at, and that it turned out not to be. */
export function givenBack(lockout: Lockout, rules: DelayRules): Lockout {
  const failures = Math.max(0, lockout.failures - 1)
  return { ...lockout, failures, lockedUntil: failures < rules.failures ? null : lockout.lockedUntil }
}

/**
 * The lockout as it stands on a clock that was set back since: the whole of its delay begins anew, no shorter and no longer,
 * instead of lasting until the clock has caught up.
 */
export function onThisClock(lockout: Lockout, now: number): Lockout {
  const back = lockout.lastFailureAt - now
  if (back <= 0) return lockout
  const lockedUntil = lockout.lockedUntil === null ? null : lockout.lockedUntil - back
  return { ...lockout, lastFailureAt: now, lockedUntil }
}

/** Whether the longest delay has passed without a failure: then a workstation, where many work, starts anew. */
export function isQuiet(lockout: Lockout, now: number, rules: DelayRules): boolean {
  return now - lockout.lastFailureAt >= longestDelayMs(rules)
}

function longestDelayMs(rules: DelayRules): number {
  return rules.longestDelayMinutes * 60_000
}
