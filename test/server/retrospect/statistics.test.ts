import { describe, expect, it } from 'vitest'
import {
  alertStatistics,
  type CountedAlert,
  median,
  nearestRank,
  shiftOf,
} from '../../../src/server/retrospect/statistics.ts'
import { type AlertState, nextAlertState } from '../../../src/shared/alert/index.ts'
import { CriticalRules } from '../../../src/shared/critical/index.ts'

const minute = 60_000
const hour = 60 * minute
const monday = Date.UTC(2026, 10, 23)
/** A gateway at UTC. */
const localTime = (at: number) => ({
  day: new Date(at).toISOString().slice(0, 10),
  hour: new Date(at).getUTCHours(),
})
const period = { from: monday, to: monday + 24 * hour }
const at = { now: monday + 24 * hour, localTime }

const rules = CriticalRules.parse({})
const timing = { deadlines: rules.deadlines.red, closeAfterHours: rules.closeAfterHours }

function anAlert(
  raisedAt: number,
  state: Partial<AlertState> = {},
  more: Partial<CountedAlert> = {},
): CountedAlert {
  return {
    level: 'red',
    type: 'ICH',
    typeName: '脑出血',
    ward: '神经外科',
    modality: 'CT',
    reporter: { accountId: 'li', name: '李医师' },
    deadlines: { receiveMinutes: 5, handleMinutes: 30 },
    byPhone: false,
    state: {
      ...nextAlertState(null, { kind: 'raised' }, raisedAt, timing),
      releasedAt: raisedAt,
      ...state,
    },
    ...more,
  }
}
const received = (raisedAt: number, afterMinutes: number, more: Partial<CountedAlert> = {}) =>
  anAlert(raisedAt, { status: 'received', receivedAt: raisedAt + afterMinutes * minute }, more)

describe('figures over alerts', () => {
  it('are times from release and the share in time', () => {
    const { total } = alertStatistics(
      [received(monday, 1), received(monday, 2), received(monday, 3), received(monday, 10)],
      { ...period, by: 'ward' },
      at,
    )
    expect(total).toMatchObject({
      count: 4,
      received: 4,
      handled: 0,
      receiveMedianMs: 2.5 * minute,
      receiveP95Ms: 10 * minute,
      receiveWithin: 0.75,
      handleMedianMs: null,
      handleP95Ms: null,
      handleWithin: 0,
    })
  })

  it('count from release, not from raising, where a second person looked first', () => {
    const waited = anAlert(monday, {
      releasedAt: monday + 4 * minute,
      receivedAt: monday + 8 * minute,
      status: 'received',
    })
    const { total } = alertStatistics([waited], { ...period, by: 'ward' }, at)
    expect(total).toMatchObject({ receiveMedianMs: 4 * minute, receiveWithin: 1 })
  })

  it('take for late what is unanswered past its deadline, not what still has time', () => {
    const late = anAlert(monday)
    const young = anAlert(at.now - minute)
    expect(alertStatistics([late, young], { ...period, by: 'ward' }, at).total.receiveWithin).toBe(0)
    expect(alertStatistics([young], { ...period, by: 'ward' }, at).total.receiveWithin).toBeNull()
    expect(
      alertStatistics([late, received(monday, 5)], { ...period, by: 'ward' }, at).total.receiveWithin,
    ).toBe(0.5)
  })

  it('leave out what was withdrawn before it was due, and what was never released', () => {
    const soon = anAlert(monday, { status: 'withdrawn', withdrawnAt: monday + minute })
    const tooLate = anAlert(monday, { status: 'withdrawn', withdrawnAt: monday + hour })
    const unchecked = anAlert(monday, { status: 'awaiting-check', releasedAt: null })
    const { total, byStatus } = alertStatistics([soon, tooLate, unchecked], { ...period, by: 'ward' }, at)
    expect(total).toMatchObject({ count: 3, withdrawn: 2, receiveWithin: 0, receiveMedianMs: null })
    expect(alertStatistics([soon, unchecked], { ...period, by: 'ward' }, at).total.receiveWithin).toBeNull()
    expect(byStatus).toEqual({ withdrawn: 2, 'awaiting-check': 1 })
  })

  it('hold for each group by its own, the largest first', () => {
    const alerts = [
      received(monday + 2 * hour, 1),
      received(monday + 9 * hour, 20, { ward: '急诊科', modality: 'DX', byPhone: true }),
      received(monday + 10 * hour, 30, {
        ward: '急诊科',
        level: 'yellow',
        reporter: { accountId: 'wang', name: '王医师' },
      }),
      received(monday + 23 * hour, 1, { ward: '' }),
    ]
    const by = (group: Parameters<typeof alertStatistics>[1]['by']) =>
      alertStatistics(alerts, { ...period, by: group }, at).groups.map(({ key, label, figures }) => [
        key,
        label,
        figures.count,
      ])
    expect(by('ward')).toEqual([
      ['急诊科', '急诊科', 2],
      ['', '', 1],
      ['神经外科', '神经外科', 1],
    ])
    expect(by('doctor')).toEqual([
      ['li', '李医师', 3],
      ['wang', '王医师', 1],
    ])
    expect(by('shift')).toEqual([
      ['day', 'day', 2],
      ['evening', 'evening', 1],
      ['night', 'night', 1],
    ])
    expect(by('type')).toEqual([['ICH', '脑出血', 4]])
    expect(by('level')).toEqual([
      ['red', 'red', 3],
      ['yellow', 'yellow', 1],
    ])
    expect(by('modality')).toEqual([
      ['CT', 'CT', 3],
      ['DX', 'DX', 1],
    ])
    const [emergency] = alertStatistics(alerts, { ...period, by: 'ward' }, at).groups
    expect(emergency?.figures).toMatchObject({ receiveWithin: 0, byPhone: 1 })
  })

  it('have a place for each day, empty ones too', () => {
    const { days } = alertStatistics(
      [received(monday, 1), received(monday + 49 * hour, 1, { level: 'orange' })],
      { from: monday + hour, to: monday + 72 * hour, by: 'ward' },
      at,
    )
    expect(days).toEqual([
      { day: '2026-11-23', red: 1, orange: 0, yellow: 0 },
      { day: '2026-11-24', red: 0, orange: 0, yellow: 0 },
      { day: '2026-11-25', red: 0, orange: 1, yellow: 0 },
    ])
  })

  it('of nothing are nothing', () => {
    const { total, groups } = alertStatistics([], { ...period, by: 'type' }, at)
    expect(total).toMatchObject({ count: 0, receiveMedianMs: null, receiveP95Ms: null, receiveWithin: null })
    expect(groups).toEqual([])
  })
})

describe('median and 95th percentile', () => {
  it('are the middle and the nearest rank', () => {
    expect([median([]), median([7]), median([1, 3]), median([1, 2, 9])]).toEqual([null, 7, 2, 2])
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1)
    expect([nearestRank([], 0.95), nearestRank([7], 0.95), nearestRank(hundred, 0.95)]).toEqual([null, 7, 95])
    expect(nearestRank(hundred.slice(0, 20), 0.95)).toBe(19)
  })
})

describe('a shift', () => {
  it.each([
    [0, 'night'],
    [7, 'night'],
    [8, 'day'],
    [15, 'day'],
    [16, 'evening'],
    [23, 'evening'],
  ])('at %i is %s', (h, shift) => {
    expect(shiftOf(h)).toBe(shift)
  })
})
