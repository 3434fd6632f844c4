import { describe, expect, it } from 'vitest'
import { type Kept, mayGo } from '../../../src/server/backup/retention.ts'
import { isDue, isOverdue, nextAfter } from '../../../src/server/backup/schedule.ts'
import { waitingFor } from '../../../src/server/backup/send.ts'

const day = 86_400_000
const hour = 3_600_000
const start = Date.UTC(2026, 0, 5, 1)
const keep = { days: 14, weeks: 8, months: 12 }
const everythingSent = () => true

/** Years of a full backup a day and an incremental every eight hours, the retention after each. */
function years(count: number, sent: (id: string) => boolean = everythingSent) {
  let kept: Kept[] = []
  let now = start
  for (let d = 0; d < count * 365; d++) {
    let parent: string | null = null
    for (const at of [0, 8, 16]) {
      now = start + d * day + at * hour
      const id = `${d}-${at}`
      kept.push({ id, kind: at === 0 ? 'full' : 'incremental', parent, coversUntil: now })
      parent = id
    }
    const gone = new Set(mayGo(kept, keep, now, sent))
    kept = kept.filter(({ id }) => !gone.has(id))
  }
  return { kept, now }
}

describe('retention', () => {
  it('keeps days whole, then a full one of each week and month, for as long as the policy says', () => {
    const { kept, now } = years(2)
    const fulls = kept
      .filter(({ kind }) => kind === 'full')
      .map(({ coversUntil }) => (now - coversUntil) / day)
    expect(kept.filter(({ coversUntil }) => now - coversUntil <= 14 * day).length).toBeGreaterThanOrEqual(42)
    // Never a gap of more than a week within eight weeks, nor of more than a month (31 + 6 days) within twelve.
    const ages = fulls.sort((a, b) => a - b)
    for (const [index, age] of ages.entries()) {
      const gap = age - (ages[index - 1] ?? 0)
      expect(gap).toBeLessThanOrEqual(age <= 7 * 7 ? 7.7 : 38)
    }
    expect(ages.at(-1)).toBeGreaterThan(300)
    expect(ages.at(-1)).toBeLessThan(400)
    expect(kept.length).toBeLessThan(14 * 3 + 8 + 12 + 6)
  })

  it('never takes what a kept one stands on', () => {
    const { kept } = years(1)
    const ids = new Set(kept.map(({ id }) => id))
    expect(kept.filter(({ parent }) => parent !== null && !ids.has(parent))).toEqual([])
  })

  it('never takes what an off-site place does not have', () => {
    const { kept } = years(1, (id) => !id.startsWith('3-'))
    expect(kept.filter(({ id }) => id.startsWith('3-'))).toHaveLength(3)
  })

  it('never takes the last good full one, however old', () => {
    const old: Kept = { id: 'old', kind: 'full', parent: null, coversUntil: start - 4000 * day }
    const young: Kept = { id: 'on-it', kind: 'incremental', parent: 'old', coversUntil: start - 3999 * day }
    expect(mayGo([old, young], keep, start, everythingSent)).toEqual([])
  })
})

describe('schedule', () => {
  const at = (text: string) => new Date(text).getTime()

  it('is by the local time of cron expressions', () => {
    expect(nextAfter('0 1 * * *', at('2026-11-23T11:00'))).toBe(at('2026-11-24T01:00'))
  })

  it('does once what was missed several times, and calls overdue what missed a whole turn', () => {
    const last = at('2026-11-20T01:00')
    expect(isDue('0 1 * * *', last, at('2026-11-21T00:59'))).toBe(false)
    expect(isDue('0 1 * * *', last, at('2026-11-23T09:00'))).toBe(true)
    expect(isOverdue('0 1 * * *', last, at('2026-11-21T09:00'))).toBe(false)
    expect(isOverdue('0 1 * * *', last, at('2026-11-22T01:01'))).toBe(true)
  })
})

it('what is sent first is the newest chain, each from its full one on', () => {
  const good = [
    { id: 'full-2-inc', parent: 'full-2' },
    { id: 'full-2', parent: null },
    { id: 'full-1-inc', parent: 'full-1' },
    { id: 'full-1', parent: null },
  ]
  const order = waitingFor(good, new Set(['full-1'])).map(({ id }) => id)
  expect(order).toEqual(['full-2', 'full-2-inc', 'full-1-inc'])
})
