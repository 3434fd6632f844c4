import { type Period, periodOf } from '../../../retrospect/period.ts'

/** 今天 昨天 近7天 本月 全部 */
export const recordPeriods = ['today', 'yesterday', 'week', 'month', 'all'] as const
export type RecordPeriod = (typeof recordPeriods)[number]

export function recordPeriodOf(choice: RecordPeriod, now: number): Period | null {
  if (choice === 'all') return null
  if (choice !== 'yesterday') return periodOf(choice, now)
  const day = new Date(now)
  const at = (date: number) => new Date(day.getFullYear(), day.getMonth(), date).getTime()
  return { from: at(day.getDate() - 1), to: at(day.getDate()) }
}

/** The choice that a period is; null where it is the auditor's own. */
export function choiceOf(period: Period | null, now: number): RecordPeriod | null {
  return (
    recordPeriods.find((choice) => {
      const one = recordPeriodOf(choice, now)
      return one?.from === period?.from && one?.to === period?.to
    }) ?? null
  )
}
