import { describe, expect, it } from 'vitest'
import { createSessionClock } from '../../../src/server/sessions/session-clock.ts'

const start = 1_800_000_000_000
function clocks() {
  const at = { wall: start, elapsed: 0 }
  const clock = createSessionClock(
    () => at.wall,
    () => at.elapsed,
  )
  return {
    clock,
    pass(ms: number) {
      at.wall += ms
      at.elapsed += ms
    },
    set(ms: number) {
      at.wall += ms
    },
  }
}

describe('the clock that sessions live by', () => {
  it('is the wall clock while nobody sets it', () => {
    const { clock, pass } = clocks()
    for (const ms of [1, 999, 60_000, 86_400_000]) {
      pass(ms)
      expect(clock.step()).toBe(0)
    }
    expect(clock.now()).toBe(start + 86_461_000)
  })

  it('follows a clock that is slewed, but never back', () => {
    const { clock, pass, set } = clocks()
    let last = clock.now()
    for (let i = 0; i < 100; i += 1) {
      pass(1000)
      set(i % 2 ? -700 : 700)
      const now = clock.now()
      expect(now).toBeGreaterThanOrEqual(last)
      expect(clock.step()).toBe(0)
      last = now
    }
  })

  it.each([-3_600_000, 3_600_000, -86_400_000 * 365, 86_400_000 * 365])(
    'goes on by the time that passed where it is set by %i ms, until that is followed',
    (step) => {
      const { clock, pass, set } = clocks()
      pass(5000)
      set(step)
      expect(clock.now()).toBe(start + 5000)
      pass(7000)
      expect(clock.now()).toBe(start + 12_000)
      expect(clock.step()).toBe(step)
      clock.follow()
      expect(clock.now()).toBe(start + 12_000 + step)
      expect(clock.step()).toBe(0)
    },
  )

  it('loses no time to being read often while a step is open', () => {
    const { clock, pass, set } = clocks()
    set(-60_000)
    for (let i = 0; i < 10_000; i += 1) {
      pass(0.1)
      clock.now()
    }
    expect(Math.abs(clock.now() - (start + 1000))).toBeLessThanOrEqual(1)
  })

  it('goes back to the open step where following it failed', () => {
    const { clock, pass, set } = clocks()
    set(-60_000)
    const undo = clock.follow()
    undo()
    pass(500)
    expect(clock.now()).toBe(start + 500)
    expect(clock.step()).toBe(-60_000)
  })

  it('stands still where even the elapsed time went back', () => {
    const at = { wall: start, elapsed: 1000 }
    const clock = createSessionClock(
      () => at.wall,
      () => at.elapsed,
    )
    at.wall -= 500_000
    at.elapsed = 0
    expect(clock.now()).toBe(start)
  })
})
