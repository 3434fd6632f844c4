import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLockouts } from '../../../../src/server/identity/credentials/lockouts.ts'
import { VigilError } from '../../../../src/shared/errors/index.ts'
import { openTestFoundation } from '../../foundation.ts'

let foundation: Awaited<ReturnType<typeof openTestFoundation>>
beforeEach(async () => {
  foundation = await openTestFoundation({
    startingPolicy: {
      lockout: {
        account: { failures: 3, firstDelaySeconds: 60, longestDelayMinutes: 5 },
        workstation: { failures: 6, firstDelaySeconds: 60, longestDelayMinutes: 5 },
      },
    },
  })
})
afterEach(() => foundation.close())

const suspects = (login: string, workstationId = 'w1') => ({ loginIndex: login, workstationId })
const wrong = async () => false
const right = async () => true
const failure = (attempt: Promise<unknown>) =>
  attempt.then(
    () => null,
    (error: VigilError) => error.toFailure(),
  )

describe('lock-outs', () => {
  it('look at as many of two hundred parallel guesses as the rule allows', async () => {
    const lockouts = createLockouts(foundation)
    let looked = 0
    const guess = async () => {
      looked += 1
      await new Promise((resolve) => setTimeout(resolve, 5))
      return false
    }
    const codes = await Promise.all(
      Array.from({ length: 200 }, () => failure(lockouts.attempt(suspects('a'), guess))),
    )
    expect(looked).toBe(3)
    expect(codes.filter((code) => code?.code === 'locked-out')).toHaveLength(197)
  })

  it('look at nothing while a delay is running, right or wrong, and do not grow by it', async () => {
    const lockouts = createLockouts(foundation)
    for (let i = 0; i < 3; i += 1) await lockouts.attempt(suspects('a'), wrong)
    const retryAt = foundation.time.now + 60_000
    let looked = false
    const look = async () => {
      looked = true
      return true
    }
    for (let i = 0; i < 10; i += 1) {
      foundation.time.now += 1000
      expect(await failure(lockouts.attempt(suspects('a', 'w2'), look))).toEqual({
        code: 'locked-out',
        facts: { retryAt },
      })
    }
    expect(looked).toBe(false)
    foundation.time.now = retryAt
    expect(await lockouts.attempt(suspects('a', 'w2'), right)).toEqual({ good: true, lockedUntil: null })
  })

  it('forget an account’s failures at a success, but not its workstation’s', async () => {
    const lockouts = createLockouts(foundation)
    for (const login of ['a', 'b', 'c']) {
      await lockouts.attempt(suspects(login), wrong)
      await lockouts.attempt(suspects(login), wrong)
      // Somebody who may sign in does so in between: of no use to who guesses.
      if (login !== 'c') expect((await lockouts.attempt(suspects('own'), right)).good).toBe(true)
    }
    expect(await failure(lockouts.attempt(suspects('d'), right))).toMatchObject({ code: 'locked-out' })
    expect((await lockouts.attempt(suspects('d', 'w2'), right)).good).toBe(true)
    foundation.time.now += 300_000
    expect((await lockouts.attempt(suspects('d'), wrong)).lockedUntil).toBeNull()
  })

  it('count an entry that could not be looked at for nothing', async () => {
    const lockouts = createLockouts(foundation)
    const broken = () => Promise.reject(new VigilError('too-many-requests'))
    for (let i = 0; i < 20; i += 1) {
      expect(await failure(lockouts.attempt(suspects('a'), broken))).toMatchObject({
        code: 'too-many-requests',
      })
    }
    expect((await lockouts.attempt(suspects('a'), wrong)).lockedUntil).toBeNull()
  })

  it('outlive a restart, and a clock that is set back', async () => {
    for (let i = 0; i < 3; i += 1) await createLockouts(foundation).attempt(suspects('a'), wrong)
    const after = createLockouts(foundation)
    expect(await failure(after.attempt(suspects('a'), right))).toMatchObject({ code: 'locked-out' })
    foundation.time.now -= 7 * 86_400_000
    const retryAt = foundation.time.now + 60_000
    expect(await failure(after.attempt(suspects('a'), right))).toEqual({
      code: 'locked-out',
      facts: { retryAt },
    })
    foundation.time.now = retryAt - 1
    expect(await failure(after.mustBeOpen(suspects('a')))).toMatchObject({ code: 'locked-out' })
    expect(await failure(after.attempt(suspects('a'), right))).toMatchObject({ code: 'locked-out' })
    foundation.time.now = retryAt
    expect(await failure(after.mustBeOpen(suspects('a')))).toBeNull()
    expect((await after.attempt(suspects('a'), right)).good).toBe(true)
  })

  it('end by themselves on a clock that was set back, though nobody tries', async () => {
    const lockouts = createLockouts(foundation)
    for (let i = 0; i < 3; i += 1) await lockouts.attempt(suspects('a'), wrong)
    foundation.time.now -= 86_400_000
    expect(await failure(lockouts.mustBeOpen(suspects('a')))).toMatchObject({ code: 'locked-out' })
    foundation.time.now += 60_000
    expect(await failure(lockouts.mustBeOpen(suspects('a')))).toBeNull()
  })
})
