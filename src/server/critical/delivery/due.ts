import type { Waiting } from './outbox.ts'

/** What of a target's waiting messages may go out now. */
export interface Due {
  /** Row ids. */
  ids: string[]
  /** When to look again where nothing else happens; epoch ms. */
  at: number
}

/**
 * Of the messages that wait for a target, in their order: those that are due and have no earlier one of the same patient or
 * the same alert before them (an alert's patient may have been merged meanwhile). Fewest attempts first, so that one
 * message that the target chokes on never stands in the way of others, not even where only one may try.
 */
export function dueMessages(
  waiting: readonly Waiting[],
  inFlight: ReadonlySet<string>,
  now: number,
  most: number,
): Due {
  const held = new Set<string>()
  const due: Waiting[] = []
  let at = Number.POSITIVE_INFINITY
  for (const row of waiting) {
    const lines = [`patient ${row.patient_index}`, `alert ${row.alert_id}`]
    const first = lines.every((line) => !held.has(line))
    for (const line of lines) held.add(line)
    if (!first || inFlight.has(row.id)) continue
    if (row.next_attempt_at <= now) due.push(row)
    else at = Math.min(at, row.next_attempt_at)
  }
  const fair = due.sort((a, b) => a.attempts - b.attempts).slice(0, most)
  return { ids: fair.map((row) => row.id), at }
}
