import type { AuditShippingState } from '../../shared/api/index.ts'
import type { Foundation } from '../foundation.ts'
import { shippingState } from './state.ts'

const minute = 60_000

/** How long a gateway may be without a log server before it says so. */
const unconfiguredAfterMs = 24 * 60 * minute
/** A standing alarm is counted on no more often than this. */
const againEveryMs = 10 * minute

/**
 * What the state deserves: `since` when nothing was taken any more, null where nothing is wrong. The oldest record that waits
 * counts from when it was written, and no earlier than the receiver last took something. Pure.
 */
export function stalledSince(state: AuditShippingState, now: number, afterMs: number): number | null {
  if (state.waiting === 0 || state.oldestWaitingAt === null) return null
  const since = Math.max(state.oldestWaitingAt, state.lastShippedAt ?? 0)
  return now - since >= afterMs ? since : null
}

/** Raises and clears the alarm of shipping, by what the database says. */
export function createStallWatch(foundation: Foundation): { check(): Promise<void> } {
  const { alarms, clock, config } = foundation
  let raised: { code: string; at: number } | null = null

  return {
    async check() {
      const state = await shippingState(foundation)
      const { shipping } = config.audit
      const afterMs = shipping ? shipping.stalledAfterMinutes * minute : unconfiguredAfterMs
      const now = clock()
      const since = stalledSince(state, now, afterMs)
      if (since === null) {
        raised = null
        if (state.stalledSince !== null) await alarms.clear('audit-shipping-stalled')
        return
      }
      const code = state.receiver === null ? 'not-configured' : (state.lastError ?? 'silent')
      if (raised?.code === code && now - raised.at < againEveryMs) return
      raised = { code, at: now }
      await alarms.raise({
        kind: 'audit-shipping-stalled',
        severity: state.receiver === null ? 'warning' : 'serious',
        facts: { receiver: state.receiver ?? '', code, waiting: state.waiting, since },
      })
    },
  }
}
