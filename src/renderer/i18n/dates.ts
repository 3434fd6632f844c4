/** Times as a reading room writes them: 24-hour, local zone, zero-padded. All take epoch milliseconds. */

const two = (n: number) => String(n).padStart(2, '0')

/** 10:32:05 */
export function clockTime(at: number): string {
  const d = new Date(at)
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`
}

/** 2026-11-22 */
export function dateOf(at: number): string {
  const d = new Date(at)
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`
}

/** 2026-11-22 10:32:05 */
export function dateTime(at: number): string {
  return `${dateOf(at)} ${clockTime(at)}`
}

/** 11-22 10:32, for a dense column; with the year where it is not this year's. */
export function shortDateTime(at: number, now: number): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return `${sameYear ? dateOf(at).slice(5) : dateOf(at)} ${clockTime(at).slice(0, 5)}`
}

/** 10:32 where it is today, 11-21 10:32 otherwise: for a time inside a sentence. */
export function sentenceTime(at: number, now: number): string {
  return dateOf(at) === dateOf(now) ? clockTime(at).slice(0, 5) : shortDateTime(at, now)
}
