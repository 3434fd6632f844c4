import { describe, expect, it } from 'vitest'
import {
  givenBack,
  isQuiet,
  type Lockout,
  nextLockout,
  onThisClock,
} from '../../../../src/server/identity/credentials/lockout-rules.ts'

const rules = { failures: 3, firstDelaySeconds: 60, longestDelayMinutes: 5 }
const now = 1_800_000_000_000

/** `count` failures, each as soon as the one before lets it. */
function failed(count: number): Lockout {
  let lockout: Lockout | null = null
  for (let i = 0; i < count; i += 1) {
    lockout = nextLockout(lockout, lockout?.lockedUntil ?? lockout?.lastFailureAt ?? now, rules)
  }
  if (!lockout) throw new Error('no failure')
  return lockout
}

describe('wrong entries', () => {
  it('are held off from the limit on, twice as long each time, up to the longest', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 40, 5000].map((count) => {
      const { lockedUntil, lastFailureAt } = failed(count)
      return lockedUntil === null ? null : (lockedUntil - lastFailureAt) / 1000
    })
    expect(delays).toEqual([null, null, 60, 120, 240, 300, 300, 300, 300])
  })

  it('that were none are given back, and with them the delay that they alone began', () => {
    expect(givenBack(failed(3), rules)).toMatchObject({ failures: 2, lockedUntil: null })
    const beyond = failed(5)
    expect(givenBack(beyond, rules)).toEqual({ ...beyond, failures: 4 })
    expect(givenBack({ failures: 0, lastFailureAt: now, lockedUntil: null }, rules).failures).toBe(0)
  })

  it('are held off no shorter and no longer by a clock that was set back', () => {
    const lockout = failed(4)
    const delay = (lockout.lockedUntil ?? 0) - lockout.lastFailureAt
    const earlier = lockout.lastFailureAt - 86_400_000
    expect(onThisClock(lockout, earlier)).toEqual({
      failures: 4,
      lastFailureAt: earlier,
      lockedUntil: earlier + delay,
    })
    expect(onThisClock(lockout, lockout.lastFailureAt + 1)).toBe(lockout)
  })

  it('fade after the longest delay without one, and not a moment before', () => {
    const lockout = failed(2)
    expect(isQuiet(lockout, lockout.lastFailureAt + 299_999, rules)).toBe(false)
    expect(isQuiet(lockout, lockout.lastFailureAt + 300_000, rules)).toBe(true)
    expect(isQuiet(lockout, lockout.lastFailureAt - 1_000_000, rules)).toBe(false)
  })
})
