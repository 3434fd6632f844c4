import type { AnomalyKind } from '../../shared/audit/index.ts'
import { type Act, busiestWindow, byAccount, type Habits } from './act.ts'
import type { AnomalyRules } from './anomaly-rules.ts'

/** What the rules found; `acts` are what it is made of, in order. */
export interface Finding {
  kind: AnomalyKind
  account: string
  workstation: string
  acts: readonly Act[]
  facts: Record<string, string | number>
  urgent: boolean
}

export interface DayToJudge {
  /** All acts of one day, in order of time. */
  acts: readonly Act[]
  habits: ReadonlyMap<string, Habits>
  /** Whether the person signed in at this workstation on a day before; null where they never signed in anywhere. */
  usedBefore(account: string, workstation: string): boolean | null
  /** Hour of the day in the hospital's time. */
  hourOf(at: number): number
  rules: AnomalyRules
}

/** What of a day deserves a look. Pure: the same acts and habits give the same findings. */
export function detect(day: DayToJudge): Finding[] {
  const people = [...byAccount(day.acts)]
  return [
    ...people.flatMap(([account, acts]) => [
      ...offHours(account, acts, day),
      ...massAccess(account, acts, day),
      ...vipAccess(account, acts, day),
      ...breakGlass(account, acts),
      ...newWorkstations(account, acts, day),
      ...exported(account, acts, day),
    ]),
    ...denials(day),
  ]
}

/** Outside the hours at which everybody works, and outside the person's own. */
function offHours(account: string, acts: readonly Act[], { habits, hourOf, rules }: DayToJudge): Finding[] {
  const own = habits.get(account)
  const learned = own !== undefined && own.days >= rules.leastHabitDays
  const isUsual = (hour: number) => {
    if (hour >= rules.workingHours.from && hour < rules.workingHours.to) return true
    if (!learned) return false
    const beside = [hour, (hour + 1) % 24, (hour + 23) % 24]
    return beside.some((near) => (own.hours[near] ?? 0) >= Math.max(1, own.days * rules.usualShare))
  }
  const odd = acts.filter(({ at, outcome }) => outcome === 'success' && !isUsual(hourOf(at)))
  if (odd.length === 0) return []
  const hours = [...new Set(odd.map(({ at }) => hourOf(at)))].sort((a, b) => a - b)
  const facts = {
    hours: hours.join(','),
    workingFrom: rules.workingHours.from,
    workingTo: rules.workingHours.to,
    daysLearned: learned ? own.days : 0,
  }
  return [finding('off-hours', account, odd, facts)]
}

function massAccess(account: string, acts: readonly Act[], { habits, rules }: DayToJudge): Finding[] {
  const { windowMs, floor, timesUsual } = rules.massAccess
  const usual = habits.get(account)?.mostPatients ?? 0
  const threshold = Math.max(floor, usual * timesUsual)
  const busiest = busiestWindow(acts, windowMs)
  if (busiest.patients <= threshold) return []
  const facts = { patients: busiest.patients, threshold, usual, minutes: windowMs / 60_000 }
  return [finding('mass-access', account, busiest.acts, facts, true)]
}

function vipAccess(account: string, acts: readonly Act[], { rules }: DayToJudge): Finding[] {
  const opened = acts.filter(({ outcome, sensitivity }) => outcome === 'success' && sensitivity !== null)
  if (opened.length === 0) return []
  const high = opened.filter(({ sensitivity }) => sensitivity === 'highly-sensitive')
  const studiesOf = (some: readonly Act[]) => new Set(some.map(({ study }) => study)).size
  const highStudies = studiesOf(high)
  const facts = { studies: studiesOf(opened), highlySensitive: highStudies }
  return [finding('vip-access', account, opened, facts, highStudies >= rules.urgentVipStudies)]
}

const breakGlass = (account: string, acts: readonly Act[]): Finding[] =>
  acts
    .filter(({ action, outcome }) => action === 'study.glass-broken' && outcome === 'success')
    .map((act) => finding('break-glass', account, [act], {}))

function newWorkstations(account: string, acts: readonly Act[], { usedBefore }: DayToJudge): Finding[] {
  const met = new Set<string>()
  return acts.flatMap((act) => {
    const { action, outcome, workstation } = act
    if (action !== 'sign-in.accepted' || outcome !== 'success' || workstation === '') return []
    if (met.has(workstation) || usedBefore(account, workstation) !== false) return []
    met.add(workstation)
    return [finding('new-workstation', account, [act], {})]
  })
}

function exported(account: string, acts: readonly Act[], { rules }: DayToJudge): Finding[] {
  const taken = acts.filter(
    ({ action, outcome }) => outcome === 'success' && /\.(?:exported|printed)$/.test(action),
  )
  const { leastRows, leastADay } = rules.exports
  const large = taken.filter(({ rows }) => rows >= leastRows)
  const many = taken.length >= leastADay
  if (!many && large.length === 0) return []
  const rows = taken.reduce((sum, act) => sum + act.rows, 0)
  return [
    finding('export', account, many ? taken : large, { times: taken.length, rows, leastRows, leastADay }),
  ]
}

/** Of a person, or where none is known (a sign-in that failed) of a workstation. */
function denials({ acts, rules }: DayToJudge): Finding[] {
  const { windowMs, least, urgent } = rules.denials
  const refusals = new Map<string, Act[]>()
  for (const act of acts) {
    if (act.outcome !== 'refused' || (act.account === '' && act.workstation === '')) continue
    const who = act.account === '' ? `workstation:${act.workstation}` : act.account
    const own = refusals.get(who)
    if (own) own.push(act)
    else refusals.set(who, [act])
  }
  return [...refusals.values()].flatMap((own) => {
    const runs = dense(own, windowMs, least)
    return runs.map((run) =>
      finding(
        'repeated-denials',
        run[0]?.account ?? '',
        run,
        { refusals: run.length, least, minutes: windowMs / 60_000 },
        run.length >= urgent,
      ),
    )
  })
}

/** Stretches in which every act lies with at least so many within one window; overlapping windows are one stretch. */
export function dense(acts: readonly Act[], windowMs: number, least: number): Act[][] {
  const runs: { from: number; end: number }[] = []
  for (let first = 0, last = 0; last < acts.length; last += 1) {
    const now = acts[last]?.at ?? 0
    while (now - (acts[first]?.at ?? 0) >= windowMs) first += 1
    if (last - first + 1 < least) continue
    const open = runs.at(-1)
    if (open && first < open.end) open.end = last + 1
    else runs.push({ from: first, end: last + 1 })
  }
  return runs.map(({ from, end }) => acts.slice(from, end))
}

function finding(
  kind: AnomalyKind,
  account: string,
  acts: readonly Act[],
  facts: Finding['facts'],
  urgent = false,
): Finding {
  return { kind, account, workstation: acts[0]?.workstation ?? '', acts, facts, urgent }
}
