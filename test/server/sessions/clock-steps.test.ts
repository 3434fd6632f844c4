import { afterEach, describe, expect, it } from 'vitest'
import type { SecurityPolicyInput } from '../../../src/shared/policy/index.ts'
import { startGateway, type TestGateway, type TestSession } from '../gateway-harness.ts'
import { until } from './event-log.ts'
import { sessionOnGrant } from './seats.ts'

const minute = 60_000
let gateway: TestGateway
afterEach(() => gateway.close())

/** A wall clock that can be set, apart from the time that passes. */
function settableClock() {
  const at = { wall: Date.now(), elapsed: 0 }
  return {
    clock: () => at.wall,
    elapsed: () => at.elapsed,
    pass(ms: number) {
      at.wall += ms
      at.elapsed += ms
    },
    set(ms: number) {
      at.wall += ms
    },
  }
}

async function oneSession(policy: SecurityPolicyInput = {}) {
  const time = settableClock()
  const tuning = { sweepMs: 3_600_000, elapsed: time.elapsed }
  gateway = await startGateway({ clock: time.clock, tuning, config: { policy } })
  const workstation = await gateway.workstation('one')
  const person = await gateway.person('reader')
  const session = await gateway.session(workstation, person)
  return { time, workstation, person, session, tuning }
}
const stateOf = async (session: TestSession) => {
  const { body } = await gateway.connect(session.identity).call('session')
  return body.state ?? body.facts.reason
}
const row = async () => (await gateway.sessions.live())[0]

describe('the gateway’s clock set back', () => {
  it('makes no session live longer: idle, locked and shift go on from where they were', async () => {
    const { time, session } = await oneSession()
    time.pass(2 * minute)
    await session.report(1)
    await session.channel.call('lock')
    for (let counter = 2; counter < 12; counter += 1) {
      time.pass(2 * minute)
      await session.report(counter)
    }
    const before = await row()
    time.set(-60 * minute)
    expect(await stateOf(session)).toBe('locked')
    await gateway.sessions.sweep()
    const after = await row()
    expect(after?.startedAt).toBe((before?.startedAt ?? 0) - 60 * minute)
    expect(after?.expiresAt).toBe((before?.expiresAt ?? 0) - 60 * minute)
    // 20 of 30 minutes locked are over, whatever the clock says.
    for (let counter = 12; counter < 17; counter += 1) {
      expect(await stateOf(session)).toBe('locked')
      time.pass(2 * minute)
      await session.report(counter)
    }
    expect(await stateOf(session)).toBe('locked-too-long')
  })

  it('before the next sweep changes nothing either', async () => {
    const { time, session } = await oneSession()
    time.set(-24 * 60 * minute)
    time.pass(2 * minute)
    expect(await stateOf(session)).toBe('active')
    time.pass(3 * minute)
    expect(await stateOf(session)).toBe('no-sign-of-life')
  })

  it('again and again, under a sweep, gives no time away', async () => {
    const { time, session } = await oneSession({ session: { lockAfterMinutes: 60 } })
    let counter = 0
    let passed = 0
    for (; passed < 60; passed += 1) {
      time.pass(minute)
      time.set(-10 * minute)
      counter += 1
      const answer = await session.report(counter, passed * minute + minute)
      await gateway.sessions.sweep()
      if (answer.status !== 200) break
    }
    // 30 minutes without input end it, after 30 real minutes.
    expect(passed).toBe(29)
    expect(await stateOf(session)).toBe('idle')
  })

  it('while the gateway was down gives no time away', async () => {
    const { time, session } = await oneSession()
    time.pass(2 * minute)
    await session.report(1, 2 * minute)
    await session.channel.call('lock')
    const before = await row()
    const { dir, hospital } = gateway
    await gateway.stop()
    time.set(-120 * minute)
    gateway = await startGateway({
      clock: time.clock,
      tuning: { sweepMs: 3_600_000, elapsed: time.elapsed },
      resume: { dir, hospital },
    })
    const after = await row()
    expect(after?.expiresAt).toBe((before?.expiresAt ?? 0) - 120 * minute)
    expect(await stateOf(session)).toBe('locked')
    // Locked for 30 minutes it is over, not two hours later.
    let counter = 2
    for (let passed = 0; passed < 30; passed += 2) {
      time.pass(2 * minute)
      const channel = gateway.connect(session.identity)
      await channel.call('session')
      counter += 1
    }
    expect(counter).toBe(17)
    expect(await stateOf(session)).toBe('locked-too-long')
  })

  it('and a session that began under the old time still ends with its fallback grant', async () => {
    const { time, workstation, session } = await oneSession()
    const keyless = await gateway.person('keyless')
    const now = time.clock()
    const onGrant = await sessionOnGrant(gateway, workstation, keyless, { now, endsAt: now + 4 * minute })
    time.set(-60 * minute)
    await gateway.sessions.sweep()
    for (const counter of [1, 2]) {
      time.pass(2 * minute - 1)
      await onGrant.report(counter)
      await session.report(counter)
    }
    expect(await stateOf(onGrant)).toBe('active')
    time.pass(2)
    expect(['expired', 'fallback-over']).toContain(await stateOf(onGrant))
    expect(await stateOf(session)).toBe('active')
  })
})

describe('the gateway’s clock set ahead, or its machine asleep', () => {
  it('throws out nobody who works, and is audited', async () => {
    const { time, session } = await oneSession()
    time.pass(minute)
    await session.report(1)
    time.set(60 * minute)
    await gateway.sessions.sweep()
    expect(await stateOf(session)).toBe('active')
    await session.report(2)
    time.pass(2 * minute)
    await session.report(3)
    expect(await stateOf(session)).toBe('active')
    const rows = await gateway.foundation.audit.tail()
    expect(rows.find((entry) => entry.action === 'gateway.clock-changed')?.detail).toEqual({
      byMs: 60 * minute,
    })
  })

  it('leaves one that was idle or locked no longer than to report', async () => {
    const { time, session } = await oneSession()
    await session.channel.call('lock')
    time.set(600 * minute)
    await gateway.sessions.sweep()
    expect(await stateOf(session)).toBe('locked')
    time.pass(2.9 * minute)
    await session.report(1)
    expect(await stateOf(session)).toBe('locked')
    time.pass(0.2 * minute)
    await session.report(2)
    expect(await stateOf(session)).toBe('locked-too-long')
  })

  it('ends a shift that is over by the clock', async () => {
    const { time, session } = await oneSession()
    time.set(13 * 60 * minute)
    await gateway.sessions.sweep()
    expect(await stateOf(session)).toBe('expired')
  })

  it('and then put right again, harms nobody who signs in later', async () => {
    const { time, workstation, person } = await oneSession()
    time.set(365 * 24 * 60 * minute)
    await gateway.sessions.sweep()
    time.set(-365 * 24 * 60 * minute)
    await gateway.sessions.sweep()
    const session = await gateway.session(workstation, person)
    expect(await stateOf(session)).toBe('active')
    time.pass(3 * minute)
    expect(await stateOf(session)).toBe('no-sign-of-life')
  })
})

describe('sessions of an older release', () => {
  it('that named no roles are taken to have begun with those of their account', async () => {
    const { session, tuning, time } = await oneSession()
    await gateway.foundation.store.db.updateTable('sessions').set({ roles: '[]' }).execute()
    const { dir, hospital } = gateway
    await gateway.stop()
    gateway = await startGateway({ clock: time.clock, tuning, resume: { dir, hospital } })
    const { body } = await gateway.connect(session.identity).call('session')
    expect(body.roles).toEqual(['radiologist'])
    await until(async () => (await gateway.sessions.live()).length === 1)
  })
})
