import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  startGateway,
  type TestGateway,
  type TestPerson,
  type TestSession,
  type TestWorkstation,
} from '../gateway-harness.ts'
import { listen } from './event-log.ts'
import { by, changeRules, sessionOnGrant, setRoles } from './seats.ts'

let gateway: TestGateway
let workstation: TestWorkstation
let person: TestPerson & { fingerprint: string }
beforeEach(async () => {
  // The product's own sweep, once a second: the two seconds are held by it.
  gateway = await startGateway({ tuning: { sweepMs: 1000 } })
  workstation = await gateway.workstation('one')
  person = await gateway.person('reader')
})
afterEach(() => gateway.close())

const suspend = () =>
  gateway.foundation.store.db
    .updateTable('workstations')
    .set({ suspended_at: Date.now() })
    .where('id', '=', workstation.id)
    .execute()
const endGrant = (session: { grantId: string }) =>
  gateway.foundation.store.db
    .updateTable('fallback_grants')
    .set({ ended_at: Date.now() - 1, ended_by: 'officer' })
    .where('id', '=', session.grantId)
    .execute()
const onGrant = (endsInMs = 3_600_000) =>
  sessionOnGrant(gateway, workstation, person, { now: Date.now(), endsAt: Date.now() + endsInMs })

async function expectEnd(session: TestSession, change: () => Promise<unknown>, reason: string) {
  const { events, stream } = await listen(session)
  const started = Date.now()
  const closed = once(stream, 'close')
  await change()
  await closed
  expect(Date.now() - started).toBeLessThan(2000)
  expect(events.at(-1)).toMatchObject({ kind: 'session-ended', reason })
  const again = await gateway.connect(session.identity).call('session')
  expect(again).toMatchObject({ status: 401, body: { code: 'session-ended', facts: { reason } } })
  expect(await gateway.sessions.live()).toEqual([])
}

describe('within two seconds a session ends', () => {
  it('when its workstation is suspended', async () => {
    await expectEnd(await gateway.session(workstation, person), suspend, 'revoked')
  })
  it('when a role is taken away', async () => {
    await setRoles(gateway, person, ['radiologist', 'auditor'])
    const session = await gateway.session(workstation, person)
    await expectEnd(session, () => setRoles(gateway, person, ['radiologist']), 'revoked')
  })
  it('when all roles are, or what is stored for them is no list of roles', async () => {
    await expectEnd(
      await gateway.session(workstation, person),
      () => setRoles(gateway, person, []),
      'revoked',
    )
    await setRoles(gateway, person, ['radiologist'])
    await expectEnd(
      await gateway.session(workstation, person),
      () => setRoles(gateway, person, ['king']),
      'revoked',
    )
  })
  it('when its fallback grant is ended', async () => {
    const session = await onGrant()
    await expectEnd(session, () => endGrant(session), 'fallback-over')
  })
  it('when its fallback grant runs out', async () => {
    const endsAt = Date.now() + 1500
    const session = await sessionOnGrant(gateway, workstation, person, { now: Date.now(), endsAt })
    const { events, stream } = await listen(session)
    await once(stream, 'close')
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt)
    expect(Date.now() - endsAt).toBeLessThan(2000)
    expect(events.at(-1)).toMatchObject({ kind: 'session-ended', reason: 'fallback-over' })
  })
  it('when the policy allows no fallback any more', async () => {
    const session = await onGrant()
    expect((await session.channel.call('session')).body.factor).toBe('fallback')
    const { signIn } = gateway.foundation.policies.current()
    const change = () => changeRules(gateway, {}, { signIn: { ...signIn, fallbackAllowed: false } })
    await expectEnd(session, change, 'fallback-over')
  })
})

describe('without waiting for the sweep', () => {
  it('each request is refused the moment that what the session stands on is gone', async () => {
    const session = await gateway.session(workstation, person)
    expect((await session.channel.call('session')).status).toBe(200)
    await suspend()
    expect((await session.channel.call('session')).body.code).toBe('session-ended')
  })
  it('the officer’s hook ends it at once', async () => {
    const session = await onGrant()
    const { stream } = await listen(session)
    const closed = once(stream, 'close')
    await endGrant(session)
    const started = Date.now()
    await gateway.sessions.sweep()
    expect(await gateway.sessions.live()).toEqual([])
    await closed
    expect(Date.now() - started).toBeLessThan(800)
  })
  it('an officer’s end carries the officer’s words into the audit', async () => {
    const session = await gateway.session(workstation, person)
    expect(await gateway.sessions.end(session.id, 'ended-by-officer', by, '离岗未退出')).toBe(true)
    expect(await gateway.sessions.end(session.id, 'ended-by-officer', by, 'again')).toBe(false)
    const rows = await gateway.foundation.audit.tail()
    expect(rows.find((row) => row.action === 'session.ended')?.detail).toEqual({
      reason: 'ended-by-officer',
      because: '离岗未退出',
    })
  })
  it('nothing begins on a grant or a workstation that was taken away during the proof', async () => {
    await expect(onGrant(-1)).rejects.toMatchObject({
      code: 'session-ended',
      facts: { reason: 'fallback-over' },
    })
    await suspend()
    await expect(onGrant()).rejects.toMatchObject({ code: 'session-ended', facts: { reason: 'revoked' } })
    expect(await gateway.sessions.live()).toEqual([])
  })
})
