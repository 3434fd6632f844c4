import { describe, expect, it } from 'vitest'
import {
  nextSessionState,
  resumedTimes,
  type SessionFacts,
  sessionPolicy,
} from '../../../src/server/sessions/policy.ts'

const minute = 60_000
const now = 1_800_000_000_000
const policy = sessionPolicy({ shiftHours: 12, lockAfterMinutes: 10, endAfterMinutes: 30, silenceMinutes: 3 })
const fresh: SessionFacts = {
  state: 'active',
  expiresAt: now + 60 * minute,
  lastActivityAt: now,
  lastSeenAt: now,
  lockedAt: null,
  revoked: false,
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

  it('gives a workstation several reports within the silence', () => {
    expect(policy.activityEveryMs * 4).toBeLessThanOrEqual(policy.silenceMs)
  })
})
