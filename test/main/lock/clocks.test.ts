import { describe, expect, it } from 'vitest'
import { clockJump, steadyClock } from '../../../src/main/lock/index.ts'

const hour = 3_600_000
const before = { wall: 1_000_000_000, steady: 50_000 }
const after = (wall: number, steady: number) =>
  clockJump(before, { wall: before.wall + wall, steady: before.steady + steady })

describe('two clocks between two ticks', () => {
  it.each([
    ['time passes', 1_000, 1_000, null],
    ['a tick is late on a busy machine', 9_000, 9_000, null],
    ['the time service corrects a little', 3_000, 1_000, null],
    ['the laptop slept', hour, hour, 'suspend'],
    ['it slept, and the clock was set back in the meantime', -hour, hour, 'suspend'],
    ['the process was stopped', 11_000, 11_000, 'suspend'],
    ['a virtual machine stood still, and then got the time', hour, 1_000, 'clock-changed'],
    ['the user sets the clock back', -hour, 1_000, 'clock-changed'],
    ['the user sets the clock forward', 10_000, 1_000, 'clock-changed'],
  ])('%s', (_what, wall, steady, expected) => {
    expect(after(wall, steady)).toBe(expected)
  })

  it('the steady one goes forward in milliseconds', async () => {
    const start = steadyClock()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(steadyClock() - start).toBeGreaterThan(200)
    expect(steadyClock() - start).toBeLessThan(3_000)
  })
})
