import type { Waiting } from './outbox.ts'

/** What of a target's waiting messages may go out now. */
export interface Due {
  /** Row ids. */
  ids: string[]
  /** When to look again where nothing else happens; epoch ms. */
  at: number
}

/** A message that the target refused for now so often, and for so long, holds up no other alert of its patient any more. */
const refusals = { attempts: 5, ms: 60_000 }

/**
 * Of the messages that wait for a target, in their order: those that are due and have no earlier one of the same patient or
 * the same alert before them (an alert's patient may have been merged meanwhile). Fewest attempts first, so that one
 * message that the target chokes on never stands in the way of others, not even where only one may try.
 *
 * The patient's order ends where it would do harm: a red alert does not wait behind a yellow one that the hospital goes on
 * refusing. The messages of one alert never pass each other.
 */
export function dueMessages(
  waiting: readonly Waiting[],
  lane: {
    inFlight: ReadonlySet<string>
    /** Row ids whose last attempt the target answered with a refusal that may pass. */
    refused: ReadonlySet<string>
    /** How many may go out. */
    free: number
    /** The longest that a message waits between two attempts. */
    longestDelayMs: number
  },
  now: number,
): Due {
  const held = new Set<string>()
  const due: Waiting[] = []
  let at = Number.POSITIVE_INFINITY
  const isStuck = ({ id, attempts, created_at }: Waiting) =>
    lane.refused.has(id) && attempts >= refusals.attempts && now - created_at >= refusals.ms
  for (const row of waiting) {
    const alert = `alert ${row.alert_id}`
    const patient = `patient ${row.patient_index}`
    const first = !held.has(alert) && !held.has(patient)
    held.add(alert)
    if (!first || !isStuck(row)) held.add(patient)
    if (!first || lane.inFlight.has(row.id)) continue
    const wait = row.next_attempt_at - now
    // Longer than any delay: the clock was put back.
    if (wait <= 0 || wait > lane.longestDelayMs) due.push(row)
    else at = Math.min(at, row.next_attempt_at)
  }
  const fair = due.sort((a, b) => a.attempts - b.attempts).slice(0, lane.free)
  return { ids: fair.map((row) => row.id), at }
}
