import type { Clock } from '../../shared/time/clock.ts'
import type { AuditEntry, AuditTrail } from '../audit/index.ts'
import { createRateLimit } from './rate-limit.ts'

/**
 * Records refusals, each one, up to a rate that no honest client reaches: a revoked certificate must not be able to fill
 * the audit. What comes faster than that is answered `too-many-requests`.
 */
export function createRefusals(
  audit: AuditTrail,
  clock: Clock,
): (key: string, entry: Omit<AuditEntry, 'action' | 'outcome'>) => Promise<void> {
  const rate = createRateLimit({ burst: 150, everyMs: 1000, keys: 10_000, clock })
  return async (key, entry) => {
    rate.take(key)
    await audit.record({ action: 'access.refused', outcome: 'refused', ...entry })
  }
}
