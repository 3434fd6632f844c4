import { describe, expect, it } from 'vitest'
import { type Act, busiestWindow, type Habits, habitsOf } from '../../../src/server/audit-review/act.ts'
import { anomalyRules } from '../../../src/server/audit-review/anomaly-rules.ts'
import { dense, detect } from '../../../src/server/audit-review/detect.ts'

const hour = 3_600_000
const minute = 60_000
/** Midnight of the day, in hours that begin at 0 without a time zone. */
const day = Date.UTC(2026, 10, 23)
const hourOf = (at: number) => new Date(at).getUTCHours()

let seq = 0
function act(at: number, more: Partial<Act> = {}): Act {
  seq += 1
  return {
    seq,
    at,
    action: 'study.opened',
    outcome: 'success',
    account: 'li',
    workstation: 'desk',
    patients: [],
    study: '',
    sensitivity: null,
    rows: 0,
    ...more,
  }
}

function found(
  acts: readonly Act[],
  {
    habits = new Map(),
    usedBefore = () => true,
  }: { habits?: Map<string, Habits>; usedBefore?: () => boolean | null } = {},
) {
  return detect({ acts, habits, usedBefore, hourOf, rules: anomalyRules })
}
const kinds = (acts: readonly Act[], more = {}) => found(acts, more).map(({ kind }) => kind)

/** The same numbers every time (a linear congruence); which they are does not matter. */
function numbers(start: number): (below: number) => number {
  let state = start
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('work outside the usual hours', () => {
  const night = {
    days: 20,
    hours: Array.from({ length: 24 }, (_, at) => (at === 2 ? 20 : 0)),
    mostPatients: 0,
  }

  it('begins and ends with the working hours', () => {
    expect(kinds([act(day + 7 * hour), act(day + 20 * hour - 1)])).toEqual([])
    expect(found([act(day + 7 * hour - 1)])).toMatchObject([
      { kind: 'off-hours', facts: { hours: '6', workingFrom: 7, workingTo: 20, daysLearned: 0 } },
    ])
    expect(kinds([act(day + 20 * hour)])).toEqual(['off-hours'])
  })

  it('leaves alone who works then as a rule, an hour to each side with it', () => {
    const habits = new Map([['li', night]])
    expect(
      kinds(
        [1, 2, 3].map((at) => act(day + at * hour)),
        { habits },
      ),
    ).toEqual([])
    expect(found([act(day + 4 * hour), act(day + hour - 1)].reverse(), { habits })[0]?.facts).toMatchObject({
      hours: '0,4',
      daysLearned: 20,
    })
  })

  it('learns nothing from a few days, nor from one night in twenty', () => {
    const few = { ...night, days: anomalyRules.leastHabitDays - 1 }
    expect(kinds([act(day + 2 * hour)], { habits: new Map([['li', few]]) })).toEqual(['off-hours'])
    const seldom = (nights: number) => ({
      ...night,
      hours: night.hours.map((days) => (days > 0 ? nights : 0)),
    })
    expect(kinds([act(day + 2 * hour)], { habits: new Map([['li', seldom(1)]]) })).toEqual(['off-hours'])
    expect(kinds([act(day + 2 * hour)], { habits: new Map([['li', seldom(2)]]) })).toEqual([])
  })

  it('counts days, not records', () => {
    const once = { hours: 1 << 2, mostPatients: 3 }
    expect(habitsOf([once, { hours: (1 << 2) | (1 << 9), mostPatients: 5 }])).toMatchObject({
      days: 2,
      mostPatients: 5,
    })
    expect(habitsOf([once, once]).hours[2]).toBe(2)
  })
})

describe('access to many patients', () => {
  const noon = day + 12 * hour
  const many = (count: number, spread = 1000) =>
    Array.from({ length: count }, (_, at) => act(noon + at * spread, { patients: [`P${at}`] }))
  const { floor } = anomalyRules.massAccess

  it('is more than the floor, of different patients, with success, within the hour', () => {
    expect(kinds(many(floor))).toEqual([])
    expect(found(many(floor + 1))).toMatchObject([
      {
        kind: 'mass-access',
        urgent: true,
        facts: { patients: floor + 1, threshold: floor, usual: 0, minutes: 60 },
      },
    ])
    expect(kinds(many(floor + 1).map((one) => ({ ...one, patients: ['P'] })))).toEqual([])
    expect(kinds(many(floor + 1).map((one) => ({ ...one, outcome: 'failed' as const })))).toEqual([])
    const last = many(floor + 1, 0)
    expect(kinds([...last.slice(1), { ...(last[0] as Act), at: noon + hour - 1 }])).toEqual(['mass-access'])
    expect(kinds([...last.slice(1), { ...(last[0] as Act), at: noon + hour }])).toEqual([])
  })

  it('is measured by what the person usually does', () => {
    const usual = { days: 20, hours: Array(24).fill(20), mostPatients: 30 }
    expect(kinds(many(90), { habits: new Map([['li', usual]]) })).toEqual([])
    expect(kinds(many(91), { habits: new Map([['li', usual]]) })).toEqual(['mass-access'])
  })

  it('finds the busiest window whatever the order of patients (against trying every window)', () => {
    const next = numbers(7)
    for (let round = 0; round < 200; round += 1) {
      const acts = Array.from({ length: next(30) }, () => next(100))
        .sort((a, b) => a - b)
        .map((at) => act(at, { patients: Array.from({ length: next(3) }, () => `P${next(8)}`) }))
      const windowMs = 1 + next(40)
      const each = acts.map(
        ({ at: from }) =>
          new Set(
            acts.filter(({ at }) => at >= from && at - from < windowMs).flatMap(({ patients }) => patients),
          ).size,
      )
      expect(busiestWindow(acts, windowMs).patients).toBe(Math.max(0, ...each))
    }
  })
})

describe('repeated refusals', () => {
  const noon = day + 12 * hour
  const { least, urgent, windowMs } = anomalyRules.denials
  const refused = (count: number, step: number, more = {}) =>
    Array.from({ length: count }, (_, at) => act(noon + at * step, { outcome: 'refused', ...more }))

  it('are so many within the window', () => {
    expect(kinds(refused(least - 1, 1))).toEqual([])
    expect(found(refused(least, 1))).toMatchObject([
      { kind: 'repeated-denials', account: 'li', urgent: false, facts: { refusals: least, minutes: 10 } },
    ])
    expect(found(refused(urgent, 1))[0]?.urgent).toBe(true)
    expect(kinds(refused(least, Math.ceil(windowMs / (least - 1))))).toEqual([])
  })

  it('are told of a workstation where nobody is known, and of nobody at all not', () => {
    expect(found(refused(least, 1, { account: '' }))).toMatchObject([{ account: '', workstation: 'desk' }])
    expect(kinds(refused(least, 1, { account: '', workstation: '' }))).toEqual([])
  })

  it('are one where windows overlap, and two where they do not (against trying every window)', () => {
    expect(
      found([...refused(least, 1), ...refused(least, 1).map((one) => ({ ...one, at: one.at + hour }))]),
    ).toHaveLength(2)
    const next = numbers(11)
    for (let round = 0; round < 200; round += 1) {
      const acts = Array.from({ length: next(25) }, () => next(120))
        .sort((a, b) => a - b)
        .map((at) => act(at))
      const [span, need] = [1 + next(20), 1 + next(4)]
      const inDense = acts.filter(({ at }) =>
        acts.some(
          ({ at: from }) =>
            at >= from &&
            at - from < span &&
            acts.filter((other) => other.at >= from && other.at - from < span).length >= need,
        ),
      )
      expect(dense(acts, span, need).flat()).toEqual(inDense)
    }
  })
})

describe('single acts', () => {
  const noon = day + 12 * hour

  it('are broken glass, sensitive studies, a workstation never used before', () => {
    const glass = act(noon, { action: 'study.glass-broken' })
    expect(found([glass])).toMatchObject([{ kind: 'break-glass', acts: [glass] }])
    expect(kinds([{ ...glass, outcome: 'refused' as const }])).toEqual([])
    const signIn = act(noon, { action: 'sign-in.accepted' })
    expect(kinds([signIn, { ...signIn, seq: seq + 1 }], { usedBefore: () => false })).toEqual([
      'new-workstation',
    ])
    expect(kinds([signIn], { usedBefore: () => true })).toEqual([])
    // Somebody's first sign-in of all is no news.
    expect(kinds([signIn], { usedBefore: () => null })).toEqual([])
    const vip = Array.from({ length: anomalyRules.urgentVipStudies }, (_, at) =>
      act(noon + at, { study: `S${at}`, sensitivity: 'highly-sensitive' }),
    )
    expect(found(vip)).toMatchObject([
      { kind: 'vip-access', urgent: true, facts: { studies: 5, highlySensitive: 5 } },
    ])
    expect(found(vip.slice(1))[0]?.urgent).toBe(false)
    expect(kinds(vip.map((one) => ({ ...one, outcome: 'refused' as const }))).includes('vip-access')).toBe(
      false,
    )
  })

  it('are exports of many rows, and many exports of few', () => {
    const { leastRows, leastADay } = anomalyRules.exports
    const taken = (rows: number) => act(noon, { action: 'table.exported', rows })
    expect(kinds([taken(leastRows - 1)])).toEqual([])
    expect(found([taken(1), taken(leastRows)])).toMatchObject([
      { kind: 'export', acts: [{ rows: leastRows }], facts: { times: 2, rows: leastRows + 1 } },
    ])
    const prints = Array.from({ length: leastADay }, (_, at) =>
      act(noon + at * minute, { action: 'report.printed' }),
    )
    expect(kinds(prints.slice(1))).toEqual([])
    expect(found(prints)).toMatchObject([{ kind: 'export', facts: { times: leastADay } }])
  })
})
