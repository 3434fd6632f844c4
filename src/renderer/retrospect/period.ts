/** From included, to not; epoch ms at local midnights. */
export interface Period {
  from: number
  to: number
}

export const periodChoices = ['today', 'week', 'month', 'last-month', 'year'] as const
export type PeriodChoice = (typeof periodChoices)[number]

/** Today; the last seven days; this month; the month before; the last twelve months. */
export function periodOf(choice: PeriodChoice, now: number): Period {
  const day = new Date(now)
  const at = (months: number, date: number) =>
    new Date(day.getFullYear(), day.getMonth() + months, date).getTime()
  const today = day.getDate()
  switch (choice) {
    case 'today':
      return { from: at(0, today), to: at(0, today + 1) }
    case 'week':
      return { from: at(0, today - 6), to: at(0, today + 1) }
    case 'month':
      return { from: at(0, 1), to: at(1, 1) }
    case 'last-month':
      return { from: at(-1, 1), to: at(0, 1) }
    case 'year':
      return { from: at(-12, today + 1), to: at(0, today + 1) }
  }
}

/** Noon of the last day of a period: no change of clocks makes it another day. */
export function lastDay({ to }: Period): number {
  return to - 43_200_000
}

/** The local midnight after the day that begins at `midnight`. */
export function dayAfter(midnight: number): number {
  const day = new Date(midnight)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime()
}

/** The local midnight of YYYY-MM-DD; null where it is no day. */
export function midnightOf(date: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)
  if (!parts) return null
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const at = new Date(year, month - 1, day)
  // 2026-02-30 is no day.
  if (at.getMonth() !== month - 1 || at.getDate() !== day) return null
  return at.getTime()
}
