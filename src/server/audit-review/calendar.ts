/** Days and months in the hospital's time: that of the machine that the gateway runs on. */

const two = (value: number) => String(value).padStart(2, '0')

/** `2026-11-22` */
export function dayOf(at: number): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** `2026-11` */
export const monthOf = (at: number): string => dayOf(at).slice(0, 7)

export const hourOf = (at: number): number => new Date(at).getHours()

/** Epoch ms, `to` exclusive, of a day or a month; null for one that the calendar does not have. */
export function periodOf(period: string): { from: number; to: number } | null {
  const [year = 0, month = 0, day] = period.split('-').map(Number)
  const from = new Date(year, month - 1, day ?? 1)
  const name = day === undefined ? monthOf(from.getTime()) : dayOf(from.getTime())
  if (name !== period) return null
  const to = day === undefined ? new Date(year, month, 1) : new Date(year, month - 1, day + 1)
  return { from: from.getTime(), to: to.getTime() }
}

/** The day so many days after (or before). */
export function dayAfter(day: string, days: number): string {
  const [year = 0, month = 0, date = 1] = day.split('-').map(Number)
  return dayOf(new Date(year, month - 1, date + days).getTime())
}

/** The days of a period of time, in order. */
export function daysOf(from: number, to: number): string[] {
  const days: string[] = []
  for (let day = dayOf(from); (periodOf(day)?.from ?? to) < to; day = dayAfter(day, 1)) days.push(day)
  return days
}
