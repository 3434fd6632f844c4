import type { AuditRow } from '../../../../shared/audit/index.ts'
import { dateOf } from '../../../i18n/index.ts'

/** One line of a timeline. */
export type TimelineLine =
  | { kind: 'day'; key: string; at: number; records: number }
  /** Nothing is recorded for `ms` between two records of the same day, or for `days` whole days. */
  | { kind: 'gap'; key: string; ms: number; days: number }
  | { kind: 'record'; key: string; row: AuditRow }

/** Shorter than this nothing is said of it, in ms. */
const gapMs = 60 * 60_000

/** Records by day, in the order given, with the time that passed between them where that is long. */
export function timelineOf(rows: readonly AuditRow[]): TimelineLine[] {
  return rows.flatMap((row, index): TimelineLine[] => {
    const record: TimelineLine = { kind: 'record', key: String(row.seq), row }
    const before = rows[index - 1]
    if (before && dateOf(before.at) === dateOf(row.at)) {
      const ms = Math.abs(row.at - before.at)
      return ms < gapMs ? [record] : [{ kind: 'gap', key: `gap-${row.seq}`, ms, days: 0 }, record]
    }
    const days = before ? Math.abs(dayNumber(row.at) - dayNumber(before.at)) - 1 : 0
    const records = lengthOfDay(rows, index)
    const day: TimelineLine = { kind: 'day', key: `day-${row.seq}`, at: row.at, records }
    return days > 0 ? [{ kind: 'gap', key: `gap-${row.seq}`, ms: 0, days }, day, record] : [day, record]
  })
}

function lengthOfDay(rows: readonly AuditRow[], from: number): number {
  const day = dateOf(rows[from]?.at ?? 0)
  const end = rows.findIndex((row, index) => index > from && dateOf(row.at) !== day)
  return (end < 0 ? rows.length : end) - from
}

/** Calendar days, whatever their lengths: the local date counted as if it were UTC. */
function dayNumber(at: number): number {
  const day = new Date(at)
  return Date.UTC(day.getFullYear(), day.getMonth(), day.getDate()) / 86_400_000
}
