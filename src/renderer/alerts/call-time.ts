/** HH:MM of an instant, in the window's time zone. */
export function timeOfDay(at: number): string {
  const d = new Date(at)
  return `${String(d.getHours()).padStart(2, '0')}:${String(d.getMinutes()).padStart(2, '0')}`
}

/**
 * The last time that it was HH:MM, as epoch ms: a call that is being recorded has been made. Null where it is no time.
 * The minute of `now` is `now` itself: nobody means a time to come.
 */
export function lastTimeAt(hhmm: string, now: number): number | null {
  const match = /^([01]?\d|2[0-3])[:：]([0-5]\d)$/.exec(hhmm.trim())
  if (!match) return null
  if (timeOfDay(now) === `${match[1]?.padStart(2, '0')}:${match[2]}`) return now
  const at = new Date(now)
  at.setHours(Number(match[1]), Number(match[2]), 0, 0)
  if (at.getTime() > now) at.setDate(at.getDate() - 1)
  return at.getTime()
}
