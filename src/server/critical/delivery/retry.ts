import type { RandomBytes } from '../../../shared/time/clock.ts'

/** Delays in seconds: before the second attempt, and the most. */
export interface RetryPolicy {
  retrySeconds: number
  retryMaximumSeconds: number
}

/**
 * How long to wait after failed attempt number `attempt` (from 1), in ms: doubled each time up to the maximum, then
 * between half of that and the whole, at random, so that gateways that failed together do not come back together.
 */
export function retryDelay(attempt: number, policy: RetryPolicy, random: RandomBytes): number {
  const doubled = policy.retrySeconds * 2 ** Math.min(attempt - 1, 30)
  const seconds = Math.min(doubled, Math.max(policy.retryMaximumSeconds, policy.retrySeconds))
  const [high = 0, low = 0] = random(2)
  const share = (high * 256 + low) / 65_536
  return Math.ceil(seconds * 1000 * (0.5 + share / 2))
}
