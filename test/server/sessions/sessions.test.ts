import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { CriticalDictionary } from '../../../src/shared/critical/model.ts'
import type { SessionEvent } from '../../../src/shared/session/index.ts'
import { unlockStatement } from '../../../src/shared/signing/statement.ts'
import { movableClock, startGateway, type TestGateway, type TestSession } from '../gateway-harness.ts'
import { exporterOf, sha256, signIn, tokenSign, unlock } from '../sign-in-client.ts'
import { listen, until } from './event-log.ts'

const minute = 60_000
let gateway: TestGateway
afterEach(() => gateway.close())

/** A gateway whose clock is moved by hand, with one session on it. */
async function oneSession(config: Parameters<typeof startGateway>[0] = {}) {
  const time = movableClock()
  gateway = await startGateway({ clock: time.clock, tuning: { sweepMs: 20 }, ...config })
  const workstation = await gateway.workstation('阅片一号')
  const person = await gateway.person('reader')
  const session = await gateway.session(workstation, person)
  let counter = 0
  return {
    ...time,
    workstation,
    person,
    session,
    active: (idleMs = 0) => {
      counter += 1
      return session.report(counter, idleMs)
    },
    /** Moves the clock in steps, reporting as a living workstation does. */
    async live(ms: number, idleFrom?: number) {
      for (let passed = 0; passed < ms; passed += 30_000) {
        time.advance(30_000)
        counter += 1
        const idleMs = idleFrom === undefined ? 0 : idleFrom + passed + 30_000
        await session.report(counter, idleMs)
      }
    },
  }
}

const askAgain = (session: TestSession) => gateway.connect(session.identity).call('session')

describe('one session per account', () => {
  it('takes over by policy; the first workstation is told why within two seconds, and its connections are cut', async () => {
    gateway = await startGateway()
    const [first, second] = [await gateway.workstation('一号'), await gateway.workstation('二号')]
    const person = await gateway.person('reader')
    const before = await gateway.session(first, person)
    await before.channel.call('session')
    const socket = before.channel.socket()
    const { events, stream } = await listen(before)

    const refused = await signIn(gateway.connect(second.identity), person.signer, second.id)
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'session-elsewhere', facts: { workstation: '一号', mayTakeOver: true } },
    })
    expect(refused.body.facts.since).toBeGreaterThan(Date.now() - minute)
    expect((await before.channel.call('session')).status).toBe(200)

    const started = Date.now()
    const closed = Promise.all([once(socket, 'close'), once(stream, 'close')])
    const taken = await signIn(gateway.connect(second.identity), person.signer, second.id, { takeOver: true })
    expect(taken.status).toBe(200)
    await closed
    expect(Date.now() - started).toBeLessThan(2000)
    expect(events.at(-1)).toMatchObject({
      kind: 'session-ended',
      reason: 'taken-over',
      byWorkstation: '二号',
    })
    expect(await askAgain(before)).toMatchObject({
      status: 401,
      body: { code: 'session-ended', facts: { reason: 'taken-over', byWorkstation: '二号' } },
    })
    expect((await gateway.connect(taken.identity).call('session')).status).toBe(200)
  })

  it('refuses by policy, takeover or not', async () => {
    gateway = await startGateway({ config: { policy: { session: { secondSession: 'refuse' } } } })
    const [first, second] = [await gateway.workstation('一号'), await gateway.workstation('二号')]
    const person = await gateway.person('reader')
    const before = await gateway.session(first, person)
    const more = { takeOver: true }
    const answer = await signIn(gateway.connect(second.identity), person.signer, second.id, more)
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'session-elsewhere', facts: { mayTakeOver: false } },
    })
    expect((await before.channel.call('session')).status).toBe(200)
    const [row] = await gateway.foundation.audit.tail()
    expect(row).toMatchObject({
      action: 'sign-in.refused',
      detail: { code: 'session-elsewhere', accountId: person.accountId },
    })
  })

  it('lets the same workstation in again after a crash', async () => {
    gateway = await startGateway({ config: { policy: { session: { secondSession: 'refuse' } } } })
    const workstation = await gateway.workstation('一号')
    const person = await gateway.person('reader')
    const before = await gateway.session(workstation, person)
    const again = await gateway.session(workstation, person)
    expect((await again.channel.call('session')).status).toBe(200)
    expect((await askAgain(before)).status).toBe(401)
  })

  it('holds when both ends sign in at once', async () => {
    gateway = await startGateway()
    const person = await gateway.person('reader')
    const stations = await Promise.all(['1', '2', '3', '4'].map((name) => gateway.workstation(name)))
    const answers = await Promise.all(
      stations.map((station) => signIn(gateway.connect(station.identity), person.signer, station.id)),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409])
    expect(await gateway.sessions.live()).toHaveLength(1)
  })
})

describe('a session ends', () => {
  it('by signing out, for good', async () => {
    const { session } = await oneSession()
    const { events } = await listen(session)
    expect((await session.channel.call('signOut')).status).toBe(200)
    await until(() => events.at(-1)?.kind === 'session-ended')
    const answer = await askAgain(session)
    expect(answer).toMatchObject({
      status: 401,
      body: { code: 'session-ended', facts: { reason: 'signed-out' } },
    })
    expect(answer.headers.connection).toBe('close')
    const rows = await gateway.foundation.audit.tail()
    expect(rows.map((row) => row.action)).toContain('session.ended')
    expect(rows[0]).toMatchObject({ action: 'access.refused', detail: { code: 'session-ended' } })
  })

  it('without input, by the gateway itself, though the workstation lives', async () => {
    const { session, live } = await oneSession({
      config: { policy: { session: { lockAfterMinutes: 60, endAfterMinutes: 30 } } },
    })
    const { events } = await listen(session)
    await live(29 * minute, 0)
    expect((await session.channel.call('session')).status).toBe(200)
    await live(2 * minute, 29 * minute).catch(() => {})
    await until(() => events.at(-1)?.kind === 'session-ended')
    expect(events.at(-1)).toMatchObject({ reason: 'idle' })
    expect((await askAgain(session)).body.facts.reason).toBe('idle')
  })

  it('in silence, though an event stream is open', async () => {
    const { session, advance } = await oneSession()
    const { events } = await listen(session)
    advance(3 * minute - 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(events.at(-1)?.kind).not.toBe('session-ended')
    advance(1)
    await until(() => events.at(-1)?.kind === 'session-ended')
    expect(events.at(-1)).toMatchObject({ reason: 'no-sign-of-life' })
  })

  it('when it was locked too long', async () => {
    const { session, live } = await oneSession()
    const { events } = await listen(session)
    await session.channel.call('lock')
    await live(29.5 * minute)
    expect((await session.channel.call('session')).body.state).toBe('locked')
    await live(minute).catch(() => {})
    await until(() => events.at(-1)?.kind === 'session-ended')
    expect(events.at(-1)).toMatchObject({ reason: 'locked-too-long' })
  })

  it('with its shift, activity or not', async () => {
    const { session, live } = await oneSession({ config: { policy: { session: { shiftHours: 0.5 } } } })
    await live(29 * minute)
    expect((await session.channel.call('session')).status).toBe(200)
    await live(minute).catch(() => {})
    expect((await askAgain(session)).body).toMatchObject({
      code: 'session-ended',
      facts: { reason: 'expired' },
    })
  })

  it.each(['account', 'workstation', 'certificate'] as const)(
    'within two seconds when its %s is revoked',
    async (what) => {
      const { session, person, workstation } = await oneSession()
      const { events, stream } = await listen(session)
      const by = { kind: 'cli', id: 'test' } as const
      const started = Date.now()
      if (what === 'account') await gateway.accounts.disable(person.accountId, 'left', by)
      if (what === 'workstation') await gateway.workstations.revoke(workstation.id, by)
      if (what === 'certificate') await gateway.accounts.revokeCertificate(person.fingerprint, 'lost', by)
      await once(stream, 'close')
      expect(Date.now() - started).toBeLessThan(2000)
      expect(events.at(-1)).toMatchObject({ kind: 'session-ended', reason: 'revoked' })
      expect((await askAgain(session)).body).toMatchObject({
        code: 'session-ended',
        facts: { reason: 'revoked' },
      })
    },
  )

  it('here when another process ended it', async () => {
    const { session } = await oneSession()
    const { events, stream } = await listen(session)
    await gateway.foundation.store.db
      .updateTable('sessions')
      .set({ state: 'ended', ended_at: 1, end_reason: 'revoked' })
      .where('id', '=', session.id)
      .execute()
    await once(stream, 'close')
    expect(events.at(-1)).toMatchObject({ kind: 'session-ended', reason: 'revoked' })
  })
})

describe('activity', () => {
  it('keeps a session alive and unlocked for hours', async () => {
    const { session, live } = await oneSession()
    await live(90 * minute)
    expect((await session.channel.call('session')).body.state).toBe('active')
  })

  it('is taken with a rising counter only', async () => {
    const { session } = await oneSession()
    const report = (counter: number) => session.report(counter)
    expect((await report(1)).status).toBe(200)
    expect((await report(3)).status).toBe(200)
    expect(await report(3)).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(await report(2)).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await report(4)).status).toBe(200)
  })

  it('never makes an older input of a newer one', async () => {
    const { session, advance, active } = await oneSession()
    advance(minute)
    await active(0)
    const [row] = await gateway.sessions.live()
    await active(5 * minute)
    expect((await gateway.sessions.live())[0]?.lastActivityAt).toBe(row?.lastActivityAt)
    expect(session.id).toBe(row?.id)
  })
})

describe('locking', () => {
  it('closes every route but the session’s own until the same person unlocks', async () => {
    const { session, person } = await oneSession()
    const { events } = await listen(session)
    expect((await session.channel.call('lock')).status).toBe(200)
    await until(() => events.some((event) => event.kind === 'session-locked'))
    for (const name of ['worklist', 'dictionary', 'alerts'] as const) {
      expect(await session.channel.call(name)).toMatchObject({
        status: 423,
        body: { code: 'session-locked' },
      })
    }
    expect((await session.channel.call('session')).body.state).toBe('locked')

    const stranger = await gateway.person('stranger')
    expect(await unlock(session.channel, stranger.signer, session.id)).toMatchObject({
      status: 403,
      body: { code: 'other-account' },
    })
    const unlocked = await unlock(session.channel, person.signer, session.id)
    expect(unlocked).toMatchObject({ status: 200, body: { state: 'active' } })
    expect((await session.channel.call('worklist', { body: { filter: {} } })).status).toBe(200)
    const actions = (await gateway.foundation.audit.tail()).map((row) => row.action)
    expect(actions.filter((action) => action.startsWith('session.'))).toEqual([
      'session.unlocked',
      'session.unlock-refused',
      'session.locked',
    ])
  })

  it('is not undone by a sign-in challenge, a replay or another session’s signature', async () => {
    const { session, person } = await oneSession()
    await session.channel.call('lock')
    expect((await unlock(session.channel, person.signer, 'another-session')).body.code).toBe(
      'signature-invalid',
    )
    const challenge = await session.channel.call('unlockChallenge')
    const statement = unlockStatement({
      gatewayId: gateway.foundation.gatewayId,
      nonce: Buffer.from(challenge.body.nonce, 'base64'),
      exporter: exporterOf(session.channel.socket()),
      certificateHash: sha256(person.signer.certificateDer),
      sessionId: session.id,
    })
    const body = {
      certificates: [person.signer.certificateDer.toString('base64')],
      algorithm: person.signer.algorithm,
      signature: tokenSign(person.signer, statement).toString('base64'),
    }
    expect((await session.channel.call('unlock', { body })).status).toBe(200)
    await session.channel.call('lock')
    expect((await session.channel.call('unlock', { body })).body.code).toBe('challenge-invalid')
  })

  it('comes from the gateway where the workstation does not lock itself', async () => {
    const { session, live } = await oneSession()
    const { events } = await listen(session)
    await live(11 * minute, 0)
    await until(() => events.some((event) => event.kind === 'session-locked'))
    expect((await session.channel.call('worklist')).status).toBe(423)
    // Input at a locked screen is no unlock.
    await live(minute)
    expect((await session.channel.call('session')).body.state).toBe('locked')
  })
})

describe('events', () => {
  it('reach those who may know of them, with keep-alives between', async () => {
    gateway = await startGateway({ tuning: { keepAliveMs: 50 } })
    const workstation = await gateway.workstation('one')
    const reader = await gateway.session(workstation, await gateway.person('reader'))
    const technologist = await gateway.session(
      workstation,
      await gateway.person('technologist', { roles: ['technologist'] }),
    )
    const [first, second] = [await listen(reader), await listen(technologist)]
    gateway.sessions.announce({ kind: 'alert-changed', alertId: 'A1' })
    gateway.sessions.announce({ kind: 'worklist-changed' })
    gateway.sessions.announce({ kind: 'dictionary-changed', version: '2' }, { sessionId: technologist.id })
    const kinds = (events: SessionEvent[]) =>
      events.map((event) => event.kind).filter((kind) => kind !== 'keep-alive')
    await until(() => first.events.some((event) => event.kind === 'keep-alive'))
    await until(() => kinds(second.events).length >= 2)
    expect(kinds(first.events)).toEqual(['hello', 'alert-changed', 'worklist-changed'])
    expect(kinds(second.events)).toEqual(['hello', 'worklist-changed'])
  })

  it('are held open on a few streams only', async () => {
    const { session } = await oneSession()
    const streams: Awaited<ReturnType<typeof listen>>[] = []
    for (let i = 0; i < 5; i += 1) streams.push(await listen(session))
    await until(() => streams.filter(({ stream }) => stream.destroyed).length === 2)
  })
})

describe('a gateway restart', () => {
  it('throws nobody out, and an ended session stays ended', async () => {
    const time = movableClock()
    gateway = await startGateway({ clock: time.clock, tuning: { sweepMs: 20 } })
    const workstation = await gateway.workstation('one')
    const [kept, gone] = [
      await gateway.session(workstation, await gateway.person('kept')),
      await gateway.session(workstation, await gateway.person('gone')),
    ]
    await gone.channel.call('signOut')
    await gateway.stop()
    time.advance(20 * minute)
    const { dir, hospital } = gateway
    gateway = await startGateway({ clock: time.clock, tuning: { sweepMs: 20 }, resume: { dir, hospital } })
    const answer = await gateway.connect(kept.identity).call('session')
    expect(answer).toMatchObject({ status: 200, body: { id: kept.id, state: 'active' } })
    expect((await gateway.connect(gone.identity).call('session')).body.code).toBe('session-ended')
    expect((await gateway.foundation.audit.verify()).faults).toEqual([])
  })

  it('drains: an open request is answered, an open stream ends, and stopping is quick', async () => {
    let release: () => void = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    gateway = await startGateway({
      tuning: {
        handlers: {
          dictionary: async () => {
            await held
            return CriticalDictionary.parse({ version: '1', entries: [] })
          },
        },
      },
    })
    const workstation = await gateway.workstation('one')
    const session = await gateway.session(workstation, await gateway.person('reader'))
    const { stream } = await listen(session)
    const ended = once(stream, 'end')
    const pending = session.channel.send('GET', '/v1/critical/dictionary')
    await new Promise((resolve) => setTimeout(resolve, 100))
    const started = Date.now()
    const stopping = Promise.all([gateway.sessions.close(), gateway.listener.close()])
    await ended
    release()
    expect((await pending).status).toBe(200)
    await stopping
    expect(Date.now() - started).toBeLessThan(2000)
  })
})
