import type { PreparedSignOff } from '../../shared/api/index.ts'
import type { CriticalRules } from '../../shared/critical/model.ts'

/**
 * Whether the alerts of a report wait for a second person, or its author looks twice (双人核对).
 * `at` is the gateway's local time of day, HH:MM: a night may span midnight, and is the same by the clock on the wall on
 * the days when summer time begins and ends. The night's end is no longer night.
 */
export function checkFor(
  { mode, onePersonTwice: { night, emergencies } }: CriticalRules['secondCheck'],
  { at, emergency }: { at: string; emergency: boolean },
): PreparedSignOff['check'] {
  if (mode === 'off') return 'none'
  if (emergencies && emergency) return 'twice'
  if (night && isWithin(at, night)) return 'twice'
  return 'second-person'
}

/** From and to the same: the whole day. */
function isWithin(at: string, { from, to }: { from: string; to: string }): boolean {
  return from < to ? from <= at && at < to : from <= at || at < to
}

/** Local time of day, HH:MM. */
export function timeOfDay(at: number): string {
  const local = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(local.getHours())}:${two(local.getMinutes())}`
}
