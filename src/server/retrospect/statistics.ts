import type { AlertState } from '../../shared/alert/index.ts'
import type { AlertFigures, AlertStatistics, StatisticsBy } from '../../shared/api/retrospect.ts'
import type { CriticalLevel } from '../../shared/critical/model.ts'

/** What is counted of one alert. */
export interface CountedAlert {
  level: CriticalLevel
  type: string
  typeName: string
  ward: string
  modality: string
  /** Who reported it. */
  reporter: { accountId: string; name: string }
  state: AlertState
  deadlines: { receiveMinutes: number; handleMinutes: number }
  byPhone: boolean
}

/** The gateway's local time of a moment. */
export type LocalTime = (at: number) => { day: string; hour: number }

/** Day 08–16, evening 16–24, night 00–08. */
export type Shift = 'day' | 'evening' | 'night'

export function shiftOf(hour: number): Shift {
  if (hour < 8) return 'night'
  return hour < 16 ? 'day' : 'evening'
}

/** The figures of the alerts raised in a period, in all, by groups (largest first), and by local day. */
export function alertStatistics(
  alerts: readonly CountedAlert[],
  { from, to, by }: { from: number; to: number; by: StatisticsBy },
  { now, localTime }: { now: number; localTime: LocalTime },
): Omit<AlertStatistics, 'damaged'> {
  const groups = new Map<string, { label: string; alerts: CountedAlert[] }>()
  const days = new Map(daysBetween(from, to, localTime).map((day) => [day, { red: 0, orange: 0, yellow: 0 }]))
  const byStatus: AlertStatistics['byStatus'] = {}
  for (const alert of alerts) {
    const { key, label } = groupOf(alert, by, localTime)
    const group = groups.get(key) ?? { label, alerts: [] }
    group.alerts.push(alert)
    groups.set(key, group)
    const day = days.get(localTime(alert.state.raisedAt).day)
    if (day) day[alert.level] += 1
    byStatus[alert.state.status] = (byStatus[alert.state.status] ?? 0) + 1
  }
  return {
    total: figuresOf(alerts, now),
    groups: [...groups]
      .map(([key, group]) => ({ key, label: group.label, figures: figuresOf(group.alerts, now) }))
      .sort((a, b) => b.figures.count - a.figures.count || (a.key < b.key ? -1 : 1)),
    days: [...days].map(([day, counts]) => ({ day, ...counts })),
    byStatus,
  }
}

function groupOf(
  { ward, type, typeName, reporter, level, modality, state }: CountedAlert,
  by: StatisticsBy,
  localTime: LocalTime,
): { key: string; label: string } {
  const same = (key: string) => ({ key, label: key })
  switch (by) {
    case 'ward':
      return same(ward)
    case 'type':
      return { key: type, label: typeName }
    case 'doctor':
      return { key: reporter.accountId, label: reporter.name }
    case 'shift':
      return same(shiftOf(localTime(state.raisedAt).hour))
    case 'level':
      return same(level)
    case 'modality':
      return same(modality)
  }
}

function figuresOf(alerts: readonly CountedAlert[], now: number): AlertFigures {
  const count = (holds: (alert: CountedAlert) => boolean) => alerts.filter(holds).length
  const receive = timeliness(alerts, 'receivedAt', 'receiveMinutes', now)
  const handle = timeliness(alerts, 'handledAt', 'handleMinutes', now)
  return {
    count: alerts.length,
    received: count(({ state }) => state.receivedAt !== null),
    handled: count(({ state }) => state.handledAt !== null),
    closed: count(({ state }) => state.status === 'closed'),
    withdrawn: count(({ state }) => state.status === 'withdrawn'),
    escalated: count(({ state }) => state.hops > 0),
    byPhone: count(({ byPhone }) => byPhone),
    receiveMedianMs: median(receive.times),
    receiveP95Ms: nearestRank(receive.times, 0.95),
    receiveWithin: receive.within,
    handleMedianMs: median(handle.times),
    handleP95Ms: nearestRank(handle.times, 0.95),
    handleWithin: handle.within,
  }
}

/**
 * Times from release, sorted, and the share of those due that were in time. Due is what was answered, and what has not been
 * though its deadline is past; what was withdrawn before its deadline was never due.
 */
function timeliness(
  alerts: readonly CountedAlert[],
  answered: 'receivedAt' | 'handledAt',
  allowed: 'receiveMinutes' | 'handleMinutes',
  now: number,
): { times: number[]; within: number | null } {
  const times: number[] = []
  let due = 0
  let inTime = 0
  for (const { state, deadlines } of alerts) {
    if (state.releasedAt === null) continue
    const deadline = state.releasedAt + deadlines[allowed] * 60_000
    const at = state[answered]
    if (at !== null) {
      times.push(Math.max(0, at - state.releasedAt))
      due += 1
      if (at <= deadline) inTime += 1
    } else if (Math.min(now, state.withdrawnAt ?? now) > deadline) due += 1
  }
  return { times: times.sort((a, b) => a - b), within: due === 0 ? null : inTime / due }
}

/** The middle one, or the mean of the two in the middle; null of nothing. */
export function median(sorted: readonly number[]): number | null {
  const low = sorted[Math.ceil(sorted.length / 2) - 1]
  const high = sorted[Math.floor(sorted.length / 2)]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

/** The smallest that at least this share of all do not exceed (nearest rank); null of nothing. */
export function nearestRank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null
}

/** Every local day of a period, in order. Half a day at a time passes over none, where one has 23 or 25 hours. */
function daysBetween(from: number, to: number, localTime: LocalTime): string[] {
  const days = new Set<string>()
  for (let at = from; at < to; at += 43_200_000) days.add(localTime(at).day)
  if (to > from) days.add(localTime(to - 1).day)
  return [...days]
}
