import { describe, expect, it } from 'vitest'
import { timelineOf } from '../../../../../src/renderer/administration/audit/timeline/days.ts'
import type { AuditRow } from '../../../../../src/shared/audit/index.ts'

const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime()
const rows = (times: number[]): AuditRow[] =>
  times.map((time, seq) => ({
    seq,
    at: time,
    action: 'study.opened',
    outcome: 'success',
    actor: '',
    object: '',
    detail: {},
  }))
const told = (times: number[]) =>
  timelineOf(rows(times)).map((line) =>
    line.kind === 'day'
      ? `day ${line.records}`
      : line.kind === 'gap'
        ? line.days > 0
          ? `${line.days} days`
          : `${line.ms / 60_000} min`
        : `record ${line.row.seq}`,
  )

describe('a timeline', () => {
  it('has a head for each day, and says what passed between records', () => {
    const times = [at(1, 8), at(1, 8, 59), at(1, 12), at(2, 1), at(5, 23)]
    const expected = [
      'day 3',
      'record 0',
      'record 1',
      '181 min',
      'record 2',
      'day 1',
      'record 3',
      '2 days',
      'day 1',
      'record 4',
    ]
    expect(told(times)).toEqual(expected)
    // The same distances the other way round.
    expect(told(times.toReversed()).filter((line) => / (min|days)$/.test(line))).toEqual([
      '2 days',
      '181 min',
    ])
  })

  it('is empty without records, and its lines have keys of their own', () => {
    expect(timelineOf([])).toEqual([])
    const keys = timelineOf(rows([at(1, 1), at(1, 9), at(9, 1)])).map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
