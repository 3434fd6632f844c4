import { describe, expect, it } from 'vitest'
import {
  idleFor,
  type LockInput,
  type LockState,
  nextLockState,
  unlockedAt,
} from '../../../src/main/lock/index.ts'

const after = 300_000
const run = (state: LockState, ...inputs: LockInput[]) => inputs.reduce(nextLockState, state)
const tick = (at: number, systemIdleMs: number | null = null): LockInput => ({
  kind: 'tick',
  at,
  systemIdleMs,
})

describe('the lock machine', () => {
  it('locks exactly when the idle time is reached', () => {
    expect(run(unlockedAt(0, after), tick(after - 1))).toMatchObject({ locked: false })
    expect(run(unlockedAt(0, after), tick(after))).toEqual({ locked: true, why: 'idle', since: after })
  })

  it('is put off by input in the window, or anywhere where the system tells', () => {
    expect(run(unlockedAt(0, after), { kind: 'input', at: after - 1 }, tick(after))).toMatchObject({
      locked: false,
    })
    expect(run(unlockedAt(0, after), tick(after + 10, 1_000))).toMatchObject({
      locked: false,
      lastInputAt: after - 990,
    })
    expect(run(unlockedAt(0, after), tick(after, after))).toMatchObject({ locked: true })
  })

  it('goes by a new policy at once, and stays locked through it', () => {
    const shorter = run(unlockedAt(0, after), { kind: 'lock-after', lockAfterMs: 1_000 })
    expect(run(shorter, tick(1_000))).toMatchObject({ locked: true, why: 'idle' })
    const locked = run(unlockedAt(0, after), { kind: 'must-lock', why: 'user', at: 5 })
    expect(run(locked, { kind: 'lock-after', lockAfterMs: 1 })).toEqual(locked)
  })

  it.each(['token-removed', 'os-lock', 'suspend', 'clock-changed', 'user'] as const)(
    'locks at once: %s',
    (why) => {
      expect(run(unlockedAt(0, after), { kind: 'must-lock', why, at: 5 })).toEqual({
        locked: true,
        why,
        since: 5,
      })
    },
  )

  it('keeps the first reason, and opens for an unlock only', () => {
    const locked = run(unlockedAt(0, after), { kind: 'must-lock', why: 'token-removed', at: 5 })
    const still = run(locked, { kind: 'input', at: 6 }, tick(7, 0), { kind: 'must-lock', why: 'user', at: 8 })
    expect(still).toEqual({ locked: true, why: 'token-removed', since: 5 })
    expect(run(still, { kind: 'unlocked', at: 9, lockAfterMs: after })).toEqual(unlockedAt(9, after))
  })

  it('tells how long ago the last input was', () => {
    expect(idleFor(unlockedAt(10, after), 25)).toBe(15)
    expect(idleFor(unlockedAt(10, after), 5)).toBe(0)
    expect(idleFor({ locked: true, why: 'user', since: 10 }, 25)).toBe(15)
  })
})
