import { VigilError } from '../../shared/errors/index.ts'
import type { Clock } from '../../shared/time/clock.ts'

/**
 * A token bucket for each key: `burst` at once, then one each `everyMs`. At most `keys` are remembered; the one that was
 * seen longest ago is forgotten first.
 */
export function createRateLimit(options: { burst: number; everyMs: number; keys: number; clock: Clock }): {
  /** Takes `cost` at once, or nothing. @throws VigilError `too-many-requests` with `retryAfterMs`. */
  take(key: string, cost?: number): void
} {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    take(key, cost = 1) {
      const now = options.clock()
      const last = buckets.get(key) ?? { tokens: options.burst, at: now }
      const tokens = Math.min(options.burst, last.tokens + Math.max(0, now - last.at) / options.everyMs)
      buckets.delete(key)
      buckets.set(key, { tokens: tokens >= cost ? tokens - cost : tokens, at: now })
      if (buckets.size > options.keys) {
        for (const oldest of buckets.keys()) {
          buckets.delete(oldest)
          break
        }
      }
      if (tokens >= cost) return
      throw new VigilError('too-many-requests', {
        retryAfterMs: Math.ceil((cost - tokens) * options.everyMs),
      })
    },
  }
}
