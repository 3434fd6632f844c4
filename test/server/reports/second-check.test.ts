import { afterEach, describe, expect, it } from 'vitest'
import { checkFor, timeOfDay } from '../../../src/server/reports/second-check.ts'
import { CriticalRules } from '../../../src/shared/critical/model.ts'

const rules = (secondCheck: object) => CriticalRules.parse({ secondCheck }).secondCheck
const by = (at: string, emergency = false) => ({ at, emergency })

describe('the second look at alerts', () => {
  it('is not asked for where the rules have it off, whoever and whenever', () => {
    expect(checkFor(rules({ mode: 'off' }), by('23:00', true))).toBe('none')
  })

  it.each([
    ['21:59', 'second-person'],
    ['22:00', 'twice'],
    ['23:59', 'twice'],
    ['00:00', 'twice'],
    ['06:59', 'twice'],
    ['07:00', 'second-person'],
    ['12:00', 'second-person'],
  ])('at %s of a night over midnight: %s', (at, expected) => {
    expect(checkFor(rules({ mode: 'required' }), by(at))).toBe(expected)
  })

  it.each([
    ['00:59', 'second-person'],
    ['01:00', 'twice'],
    ['05:00', 'second-person'],
    ['22:00', 'second-person'],
  ])('at %s of a night within one day: %s', (at, expected) => {
    const night = { from: '01:00', to: '05:00' }
    expect(checkFor(rules({ mode: 'required', onePersonTwice: { night } }), by(at))).toBe(expected)
  })

  it('is the same person’s in an emergency, where the rules say so', () => {
    expect(checkFor(rules({ mode: 'required' }), by('12:00', true))).toBe('twice')
    const never = rules({ mode: 'required', onePersonTwice: { night: null, emergencies: false } })
    expect(checkFor(never, by('23:00', true))).toBe('second-person')
  })
})

describe('the time of day', () => {
  const zone = process.env.TZ
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })

  it('is the clock on the wall, also on the days that summer time begins and ends', () => {
    process.env.TZ = 'Europe/Berlin'
    // 2026-10-25: 03:00 becomes 02:00; the hour from two to three comes twice.
    expect(timeOfDay(Date.UTC(2026, 9, 25, 0, 30))).toBe('02:30')
    expect(timeOfDay(Date.UTC(2026, 9, 25, 1, 30))).toBe('02:30')
    expect(timeOfDay(Date.UTC(2026, 9, 25, 6, 0))).toBe('07:00')
    // 2026-03-29: there is no hour from two to three.
    expect(timeOfDay(Date.UTC(2026, 2, 29, 1, 0))).toBe('03:00')
    process.env.TZ = 'Asia/Shanghai'
    expect(timeOfDay(Date.UTC(2026, 10, 22, 14, 0))).toBe('22:00')
  })
})
