import { describe, expect, it } from 'vitest'
import {
  nextSessionState,
  redatedTimes,
  resumedTimes,
  type SessionFacts,
  sessionPolicy,
} from '../../../src/server/sessions/policy.ts'

const minute = 60_000
const now = 1_800_000_000_000
const policy = sessionPolicy({
  session: { shiftHours: 12, lockAfterMinutes: 10, endAfterMinutes: 30, silenceMinutes: 3 },
  signIn: { fallbackAllowed: true },
})
const fresh: SessionFacts = {
  state: 'active',
  startedAt: now - 11 * 60 * minute,
  expiresAt: now + 60 * minute,
  lastActivityAt: now,
  lastSeenAt: now,
  lockedAt: null,
  revoked: false,
  fallbackEndsAt: null,
}
const judge = (facts: Partial<SessionFacts>) => nextSessionState({ ...fresh, ...facts }, now, policy)
const locked = (ago: number): Partial<SessionFacts> => ({ state: 'locked', lockedAt: now - ago })

describe('a session', () => {
  it.each<[string, Partial<SessionFacts>, object]>([
    ['goes on while there is input', {}, { state: 'active' }],
    ['goes on just before the lock', { lastActivityAt: now - 10.9 * minute }, { state: 'active' }],
    ['is locked where its workstation did not', { lastActivityAt: now - 11 * minute }, { state: 'locked' }],
    ['ends without input', { lastActivityAt: now - 30 * minute }, { state: 'ended', reason: 'idle' }],
    ['stays locked', locked(29.9 * minute), { state: 'locked' }],
    ['ends when locked too long', locked(30 * minute), { state: 'ended', reason: 'locked-too-long' }],
    [
      'counts from the lock, not from the input before it',
      { ...locked(minute), lastActivityAt: now - 31 * minute },
      { state: 'locked' },
    ],
    ['goes on just within the silence', { lastSeenAt: now - 2.9 * minute }, { state: 'active' }],
    ['ends in silence', { lastSeenAt: now - 3 * minute }, { state: 'ended', reason: 'no-sign-of-life' }],
    [
      'ends in silence though locked',
      { ...locked(minute), lastSeenAt: now - 3 * minute },
      { state: 'ended', reason: 'no-sign-of-life' },
    ],
    ['ends with its shift', { expiresAt: now }, { state: 'ended', reason: 'expired' }],
    ['lasts until then', { expiresAt: now + 1 }, { state: 'active' }],
    [
      'ends when revoked, before all else',
      { revoked: true, expiresAt: now },
      { state: 'ended', reason: 'revoked' },
    ],
    [
      'ends with a shift that was made shorter since',
      { startedAt: now - 12 * 60 * minute, expiresAt: now + 5 * 60 * minute },
      { state: 'ended', reason: 'expired' },
    ],
    [
      'ends with the leave to do without a key',
      { fallbackEndsAt: now },
      { state: 'ended', reason: 'fallback-over' },
    ],
    ['goes on under that leave', { fallbackEndsAt: now + 1 }, { state: 'active' }],
    [
      'is not hurt by a clock that went back',
      { lastActivityAt: now + 60 * minute, lastSeenAt: now + 60 * minute },
      { state: 'active' },
    ],
  ])('%s', (_, facts, verdict) => {
    expect(judge(facts)).toEqual(verdict)
  })

  it.each<[string, Partial<SessionFacts>, string]>([
    ['active', { lastActivityAt: now - 300 * minute, lastSeenAt: now - 300 * minute }, 'active'],
    ['locked', { ...locked(300 * minute), lastSeenAt: now - 300 * minute }, 'locked'],
  ])('that was %s outlives a restart long enough to report', (_, facts, state) => {
    const before = { ...fresh, ...facts }
    const after = { ...before, ...resumedTimes(before, now, policy) }
    expect(nextSessionState(after, now, policy)).toEqual({ state })
    expect(nextSessionState(after, now + policy.silenceMs - 1, policy).state).not.toBe('ended')
    // And it is not given a new half hour: without a report it is over as any other.
    expect(nextSessionState(after, now + policy.silenceMs, policy).state).toBe('ended')
  })

  it('without a key ends where the policy allows no fallback any more', () => {
    const facts = { ...fresh, fallbackEndsAt: now + 60 * minute }
    const verdict = nextSessionState(facts, now, { ...policy, fallbackAllowed: false })
    expect(verdict).toEqual({ state: 'ended', reason: 'fallback-over' })
  })

  it('is not silent before it could have been heard, and silent a full time later', () => {
    const facts = { ...fresh, lastSeenAt: now - 60 * minute }
    expect(nextSessionState(facts, now, policy, now).state).toBe('active')
    expect(nextSessionState(facts, now + policy.silenceMs, policy, now)).toEqual({
      state: 'ended',
      reason: 'no-sign-of-life',
    })
  })

  it.each<[string, Partial<SessionFacts>]>([
    ['active', { lastActivityAt: now - 9 * minute, lastSeenAt: now - minute }],
    ['locked', { ...locked(20 * minute), lastSeenAt: now - 2 * minute }],
  ])('that is %s is as old under a clock set back, to the millisecond', (_, facts) => {
    const before = { ...fresh, ...facts }
    const step = -45 * minute
    const after = redatedTimes(before, step)
    for (let later = 0; later < 70 * minute; later += 10_000) {
      expect(nextSessionState(after, now + step + later, policy)).toEqual(
        nextSessionState(before, now + later, policy),
      )
    }
  })

  it('gives a workstation several reports within the silence', () => {
    expect(policy.activityEveryMs * 4).toBeLessThanOrEqual(policy.silenceMs)
  })
})
