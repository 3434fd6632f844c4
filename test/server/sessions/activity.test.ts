import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { activityStatement, signInStatement } from '../../../src/shared/signing/statement.ts'
import {
  movableClock,
  startGateway,
  type TestGateway,
  type TestSession,
  type TestWorkstation,
} from '../gateway-harness.ts'
import { activityBody } from '../sign-in-client.ts'

const minute = 60_000
let gateway: TestGateway
let time: ReturnType<typeof movableClock>
let workstation: TestWorkstation
let session: TestSession
beforeEach(async () => {
  time = movableClock()
  gateway = await startGateway({ clock: time.clock, tuning: { sweepMs: 3_600_000 } })
  workstation = await gateway.workstation('one')
  session = await gateway.session(workstation, await gateway.person('reader'))
})
afterEach(() => gateway.close())

const facts = (counter: number, idleMs = 0) => ({
  gatewayId: gateway.foundation.gatewayId,
  sessionId: session.id,
  counter,
  idleMs,
})
const send = (body: object) => session.channel.call('activity', { body })
const stored = () =>
  gateway.foundation.store.db
    .selectFrom('sessions')
    .selectAll()
    .where('id', '=', session.id)
    .executeTakeFirstOrThrow()
const refusals = async () =>
  (await gateway.foundation.audit.tail()).filter((row) => row.action === 'session.activity-refused')

describe('a report of activity is refused, changes nothing and is audited', () => {
  const forged: [string, () => Promise<object> | object][] = [
    [
      'signed by another session’s key',
      async () => {
        const other = await gateway.session(workstation, await gateway.person('other'))
        return activityBody(other.identity.privateKey, facts(1))
      },
    ],
    ['signed by the workstation’s key', () => activityBody(workstation.identity.privateKey, facts(1))],
    [
      'signed by a key of the forger’s own',
      () => {
        const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
        return activityBody(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, facts(1))
      },
    ],
    [
      'signed for another session',
      () => activityBody(session.identity.privateKey, { ...facts(1), sessionId: 'another' }),
    ],
    [
      'signed for another gateway',
      () => activityBody(session.identity.privateKey, { ...facts(1), gatewayId: 'another' }),
    ],
    [
      'with another counter than was signed',
      () => ({ ...activityBody(session.identity.privateKey, facts(1)), counter: 2 }),
    ],
    [
      'with less idle time than was signed',
      () => ({ ...activityBody(session.identity.privateKey, facts(1, 9 * minute)), idleMs: 0 }),
    ],
    ['with no signature in its place', () => ({ counter: 1, idleMs: 0, signature: '' })],
    [
      'with bytes that are no signature',
      () => ({ counter: 1, idleMs: 0, signature: Buffer.alloc(72, 7).toString('base64') }),
    ],
    [
      'signed in the other encoding (IEEE P1363)',
      () => {
        const key = createPrivateKey(session.identity.privateKey)
        const signature = sign('sha256', activityStatement(facts(1)), { key, dsaEncoding: 'ieee-p1363' })
        return { counter: 1, idleMs: 0, signature: signature.toString('base64') }
      },
    ],
    [
      'signed for another purpose',
      () => {
        const bytes = new Uint8Array(32)
        const parts = { nonce: bytes, exporter: bytes, csrHash: bytes, certificateHash: bytes }
        const { gatewayId } = facts(1)
        const statement = signInStatement({ gatewayId, workstationId: session.id, ...parts })
        const signature = sign('sha256', statement, session.identity.privateKey)
        return { counter: 1, idleMs: 0, signature: signature.toString('base64') }
      },
    ],
  ]
  it.each(forged)('%s', async (_, body) => {
    const forgedBody = await body()
    time.advance((5 * minute) / 2)
    const before = await stored()
    const answer = await send(forgedBody)
    expect([answer.status, answer.body.code]).toEqual([403, 'signature-invalid'])
    const after = await stored()
    expect(after.activity_counter).toBe(0)
    expect(after.last_activity_at).toBe(before.last_activity_at)
    expect(await refusals()).toEqual([expect.objectContaining({ detail: { code: 'signature-invalid' } })])
    expect((await session.report(1)).status).toBe(200)
  })
})

describe('the counter', () => {
  it('takes no report twice, nor an older one after a newer one', async () => {
    const first = activityBody(session.identity.privateKey, facts(1))
    expect((await send(first)).status).toBe(200)
    time.advance((9 * minute) / 4)
    expect(await send(first)).toMatchObject({
      status: 409,
      body: { code: 'conflict', facts: { field: 'counter' } },
    })
    expect((await session.report(7)).status).toBe(200)
    expect((await session.report(6)).status).toBe(409)
  })

  it('lets one of two through that came at once, on two connections', async () => {
    const body = activityBody(session.identity.privateKey, facts(1))
    const channels = Array.from({ length: 5 }, () => gateway.connect(session.identity))
    const answers = await Promise.all(channels.map((channel) => channel.call('activity', { body })))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409, 409])
  })

  it('that is used up keeps nobody awake', async () => {
    expect((await session.report(Number.MAX_SAFE_INTEGER)).status).toBe(200)
    for (const counter of [1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1, -1, 0, 1.5]) {
      expect([400, 409]).toContain((await session.report(counter)).status)
    }
    expect((await stored()).activity_counter).toBe(Number.MAX_SAFE_INTEGER)
    time.advance(3 * minute)
    expect((await session.report(2)).body.code).toBe('session-ended')
  })
})

describe('what a lying workstation gains', () => {
  it('nothing by dating input before the session, or ahead of now', async () => {
    const { started_at } = await stored()
    time.advance(minute)
    expect((await session.report(1, 86_400_000)).status).toBe(200)
    expect((await stored()).last_activity_at).toBe(started_at)
    expect((await session.report(2, -60_000)).status).toBe(400)
    expect((await session.report(3, 0.5)).status).toBe(400)
    expect((await session.report(4, 86_400_001)).status).toBe(400)
    expect((await stored()).last_activity_at).toBeLessThanOrEqual(time.clock())
  })

  it('nothing by reporting input at a locked screen', async () => {
    await session.channel.call('lock')
    const { last_activity_at } = await stored()
    for (let counter = 1; counter <= 35; counter += 1) {
      time.advance(minute)
      const answer = await session.report(counter)
      expect((await stored()).last_activity_at).toBe(last_activity_at)
      if (counter < 30) expect(answer.status).toBe(200)
      else expect(answer.body).toMatchObject({ code: 'session-ended', facts: { reason: 'locked-too-long' } })
    }
  })

  it('no more than the shift, however busy it says to be', async () => {
    let counter = 0
    for (; counter < 12 * 60; counter += 1) {
      time.advance(minute)
      if ((await session.report(counter + 1)).status !== 200) break
    }
    expect(counter).toBeGreaterThan(12 * 60 - 3)
    expect((await session.report(9999)).body).toMatchObject({
      code: 'session-ended',
      facts: { reason: 'expired' },
    })
  })

  it('no flood: reports beyond a rate are refused, and forged ones do not fill the audit', async () => {
    const codes = new Map<string, number>()
    for (let round = 0; round < 20; round += 1) {
      time.advance(1000)
      for (let i = 0; i < 10; i += 1) {
        const { body } = await send({ counter: 1, idleMs: 0, signature: '' })
        codes.set(body.code, (codes.get(body.code) ?? 0) + 1)
      }
    }
    expect(codes.get('signature-invalid')).toBeLessThanOrEqual(11)
    expect(codes.get('too-many-requests')).toBeGreaterThanOrEqual(189)
    expect(await refusals()).toHaveLength(codes.get('signature-invalid') ?? 0)
  })
})
