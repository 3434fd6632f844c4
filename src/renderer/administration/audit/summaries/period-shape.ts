import type { AuditReportKind } from '../../../../shared/api/audit.ts'
import { dateOf } from '../../../i18n/dates.ts'
import { midnightOf } from '../../../retrospect/period.ts'

/** Yesterday, the month before. */
export function lastPeriod(kind: AuditReportKind, now: number): string {
  const day = new Date(now)
  const [months, date] = kind === 'daily' ? [0, day.getDate() - 1] : [-1, 1]
  const at = new Date(day.getFullYear(), day.getMonth() + months, date).getTime()
  return kind === 'daily' ? dateOf(at) : dateOf(at).slice(0, 7)
}

/** A day or a month that there is. Whether it is over is the gateway's to say: its clock counts. */
export function isPeriod(kind: AuditReportKind, period: string): boolean {
  const shape = kind === 'daily' ? /^\d{4}-\d{2}-\d{2}$/ : /^\d{4}-\d{2}$/
  return shape.test(period) && midnightOf(kind === 'daily' ? period : `${period}-01`) !== null
}
