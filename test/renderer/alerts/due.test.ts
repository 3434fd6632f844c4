import { describe, expect, it } from 'vitest'
import { clockFace, dueOf, dueWords } from '../../../src/renderer/alerts/due.ts'
import { createI18n } from '../../../src/renderer/i18n/index.ts'
import { everyEvent, type Happened, later, stateAfter } from './made-alert.ts'

const at = Date.UTC(2026, 10, 22, 2, 30)
const { raised, released, delivered, received, handled, escalated, exhausted } = everyEvent
const { t } = await createI18n('zh-CN')
const words = (happened: readonly Happened[], now: number) => {
  const due = dueOf(stateAfter(happened), now)
  return due && dueWords(t, due)
}
const sent: Happened[] = [
  [raised, at],
  [released, at],
  [delivered, later(at, 0.5)],
]

describe('an alert against the clock', () => {
  it('counts down to the acknowledgement, in minutes and seconds', () => {
    expect(words(sent, later(at, 0.8))).toBe('接收剩余 04:12')
    expect(dueOf(stateAfter(sent), later(at, 0.8))).toMatchObject({ late: false, seconds: 252 })
  })

  it('is on time at the last moment and late after it, counted from when it went out', () => {
    expect(dueOf(stateAfter(sent), later(at, 5))).toMatchObject({ late: false, seconds: 0 })
    expect(dueOf(stateAfter(sent), later(at, 5) + 1)).toMatchObject({ late: true })
    expect(words(sent, later(at, 6.5))).toBe('超时未接收 06:30')
  })

  it('stays late while it counts to the next hop', () => {
    const hop: Happened[] = [...sent, [escalated, later(at, 5)]]
    const due = dueOf(stateAfter(hop), later(at, 7))
    expect(due).toMatchObject({ late: true, exhausted: false, seconds: 180, sinceSeconds: 420 })
    expect(dueOf(stateAfter([...hop, [exhausted, later(at, 10)]]), later(at, 11))).toMatchObject({
      late: true,
      exhausted: true,
    })
  })

  it('waits for the handling once it was acknowledged, and no longer counts as late', () => {
    const got: Happened[] = [...sent, [escalated, later(at, 5)], [received, later(at, 7)]]
    expect(words(got, later(at, 10))).toBe('处置剩余 20:00')
    expect(words(got, later(at, 31))).toBe('超时未处置 31:00')
  })

  it('says when what nobody checks goes out, and when the loop closes itself', () => {
    const waiting: Happened[] = [
      [raised, at],
      [{ kind: 'check-requested', until: later(at, 5) }, at],
    ]
    expect(words(waiting, later(at, 1))).toBe('04:00 后未核对将直接发出')
    expect(words(waiting, later(at, 6))).toBe('核对超时，即将直接发出')
    const done: Happened[] = [...sent, [received, later(at, 1)], [handled, later(at, 2)]]
    expect(words(done, later(at, 2))).toBe('24:00:00 后自动闭环')
  })

  it('has nothing to count where nothing is waited for', () => {
    expect(dueOf(stateAfter([...sent, [everyEvent.withdrawn, later(at, 1)]]), later(at, 2))).toBeNull()
  })

  it.each([
    [0, '00:00'],
    [9, '00:09'],
    [754, '12:34'],
    [3_661, '1:01:01'],
  ])('writes %i seconds as %s', (seconds, face) => {
    expect(clockFace(seconds)).toBe(face)
  })
})
