import { afterEach, describe, expect, it } from 'vitest'
import { openPolicies } from '../../../src/server/policy/index.ts'
import { movableClock, startGateway, type TestGateway } from '../gateway-harness.ts'
import { listen, until } from './event-log.ts'
import { by, changeRules, enter } from './seats.ts'

const minute = 60_000
let gateway: TestGateway
afterEach(() => gateway.close())

async function oneSession(tuning: object = { sweepMs: 20 }) {
  const time = movableClock()
  gateway = await startGateway({ clock: time.clock, tuning })
  const workstation = await gateway.workstation('one')
  const person = await gateway.person('reader')
  const session = await gateway.session(workstation, person)
  return { ...time, workstation, person, session }
}

describe('a change of the policy', () => {
  it('is told to running sessions, and their view says the same', async () => {
    const { session } = await oneSession()
    const { events } = await listen(session)
    await changeRules(gateway, { lockAfterMinutes: 2, silenceMinutes: 1 })
    await until(() => events.at(-1)?.kind === 'policy-changed')
    expect(events.at(-1)).toEqual({
      kind: 'policy-changed',
      lockAfterMs: 2 * minute,
      activityEveryMs: 15_000,
    })
    const view = (await session.channel.call('session')).body
    expect(view).toMatchObject({ lockAfterMs: 2 * minute, activityEveryMs: 15_000 })
  })

  it('that is not about their times is not', async () => {
    const { session } = await oneSession()
    const { events } = await listen(session)
    await changeRules(gateway, { secondSession: 'refuse', endAfterMinutes: 25 })
    gateway.sessions.announce({ kind: 'worklist-changed' })
    await until(() => events.at(-1)?.kind === 'worklist-changed')
    expect(events.map((event) => event.kind)).not.toContain('policy-changed')
  })

  it('of the idle time counts at once', async () => {
    const { session, advance } = await oneSession()
    const { events } = await listen(session)
    advance(2.5 * minute)
    await session.report(1, 2.5 * minute)
    expect((await session.channel.call('session')).status).toBe(200)
    await changeRules(gateway, { lockAfterMinutes: 1, endAfterMinutes: 2 })
    await until(() => events.at(-1)?.kind === 'session-ended')
    expect(events.at(-1)).toMatchObject({ reason: 'idle' })
  })

  it('of the shift counts at once, and never makes one longer than its certificate', async () => {
    const { session, advance } = await oneSession()
    const { expiresAt, startedAt } = (await session.channel.call('session')).body
    await changeRules(gateway, { shiftHours: 24 })
    expect((await session.channel.call('session')).body.expiresAt).toBe(expiresAt)
    await changeRules(gateway, { shiftHours: 1 })
    expect((await session.channel.call('session')).body.expiresAt).toBe(startedAt + 60 * minute)
    await changeRules(gateway, { shiftHours: 0.02 })
    advance(1.2 * minute)
    expect((await session.channel.call('session')).body).toMatchObject({
      code: 'session-ended',
      facts: { reason: 'expired' },
    })
  })

  it('to a shorter silence gives a workstation that silence to learn of it', async () => {
    const { session, advance } = await oneSession({ sweepMs: 3_600_000 })
    advance(2 * minute)
    await changeRules(gateway, { silenceMinutes: 1 })
    await gateway.sessions.sweep()
    expect(await gateway.sessions.live()).toHaveLength(1)
    advance(minute)
    await gateway.sessions.sweep()
    expect((await session.channel.call('session')).body.facts.reason).toBe('no-sign-of-life')
  })

  it('of what a second session does counts for the next sign-in', async () => {
    const { person } = await oneSession()
    const second = await gateway.workstation('two')
    await changeRules(gateway, { secondSession: 'refuse' })
    const answer = await enter(gateway, second, person, { takeOver: true })
    expect(answer.body).toMatchObject({ code: 'session-elsewhere', facts: { mayTakeOver: false } })
    await changeRules(gateway, { secondSession: 'take-over' })
    expect((await enter(gateway, second, person, { takeOver: true })).status).toBe(200)
  })

  it('made by another process counts within a sweep', async () => {
    const { session } = await oneSession()
    const { events } = await listen(session)
    const { policies, ...rest } = gateway.foundation
    // A second view on the same store, as another process has.
    const elsewhere = await openPolicies({ ...rest, starting: policies.current() })
    const { version, policy } = await elsewhere.version()
    await elsewhere.change(
      { policy: { ...policy, session: { ...policy.session, lockAfterMinutes: 3 } }, baseVersion: version },
      { accountId: 'officer', actor: by },
    )
    await until(() => events.at(-1)?.kind === 'policy-changed')
    expect(events.at(-1)).toMatchObject({ lockAfterMs: 3 * minute })
    expect(policies.current().session.lockAfterMinutes).toBe(3)
  })
})
