import { describe, expect, it } from 'vitest'
import { dayAfter, lastDay, midnightOf, periodOf } from '../../../src/renderer/retrospect/period.ts'

const now = new Date(2026, 2, 31, 15, 20).getTime()
const days = ({ from, to }: { from: number; to: number }) =>
  [from, to].map((at) => {
    const day = new Date(at)
    expect([day.getHours(), day.getMinutes()]).toEqual([0, 0])
    return `${day.getFullYear()}-${day.getMonth() + 1}-${day.getDate()}`
  })

describe('periods', () => {
  it('end at the midnight after their last day', () => {
    expect(days(periodOf('today', now))).toEqual(['2026-3-31', '2026-4-1'])
    expect(days(periodOf('week', now))).toEqual(['2026-3-25', '2026-4-1'])
    expect(days(periodOf('month', now))).toEqual(['2026-3-1', '2026-4-1'])
    // The month before a month of 31 days is shorter: it must not run over.
    expect(days(periodOf('last-month', now))).toEqual(['2026-2-1', '2026-3-1'])
    expect(days(periodOf('year', now))).toEqual(['2025-4-1', '2026-4-1'])
  })

  it('know their last day', () => {
    expect(new Date(lastDay(periodOf('last-month', now))).getDate()).toBe(28)
  })

  it('take days that there are, and no others', () => {
    expect(midnightOf('2026-02-28')).toBe(new Date(2026, 1, 28).getTime())
    expect(dayAfter(new Date(2026, 1, 28).getTime())).toBe(new Date(2026, 2, 1).getTime())
    for (const none of ['2026-02-29', '2026-13-01', '2026-00-10', '26-01-01', '', '2026-1-1'])
      expect([none, midnightOf(none)]).toEqual([none, null])
  })
})
