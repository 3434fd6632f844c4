import { afterEach, expect, it } from 'vitest'
import {
  movableClock,
  startGateway,
  type TestGateway,
  type TestPerson,
  type TestSession,
} from '../gateway-harness.ts'
import { unlock } from '../sign-in-client.ts'
import { listen } from './event-log.ts'
import { changeRules, enter, sessionOnGrant } from './seats.ts'

const minute = 60_000
const hour = 60 * minute

let gateway: TestGateway
afterEach(() => gateway.close())

/** Somebody at a workstation that reports each minute. */
interface Seat {
  name: string
  session: TestSession
  counter: number
  /** Of the last input, where there is none at present. */
  awaySince: number | null
  asleep: boolean
}

/**
 * One day of five people on a clock that is moved, over the gateway's real sockets. TLS looks at the real time: the day begins
 * eleven and a half hours before it, so that certificates of both shifts are good now.
 */
it('a day of sessions goes by the rules, to the minute', { timeout: 180_000 }, async () => {
  const time = movableClock(Date.now() - 11.5 * hour)
  const start = time.clock()
  gateway = await startGateway({
    clock: time.clock,
    tuning: { sweepMs: 24 * hour },
    config: { policy: { session: { caps: { perWorkstation: 1 } } } },
  })
  const seats = new Map<string, Seat>()
  const names = new Map<string, string>()
  const signers = new Map<string, TestPerson>()
  const stations = new Map<string, Awaited<ReturnType<TestGateway['workstation']>>>()
  for (const name of ['reader', 'forgetful', 'traveller', 'keyless', 'nightly']) {
    const person = await gateway.person(name)
    names.set(`account:${person.accountId}`, name)
    signers.set(name, person)
    stations.set(name, await gateway.workstation(name))
  }
  const sit = (name: string, session: TestSession) => {
    names.set(`session:${session.id}`, name)
    seats.set(name, { name, session, counter: 0, awaySince: null, asleep: false })
  }
  const signIn = async (name: string) =>
    sit(name, await gateway.session(stations.get(name)!, signers.get(name)!))
  const seat = (name: string) => seats.get(name)!
  const goesAway = (name: string) => {
    seat(name).awaySince = time.clock()
  }
  const comesBack = async (name: string) => {
    const { session } = seat(name)
    expect((await unlock(session.channel, signers.get(name)!.signer, session.id)).status).toBe(200)
    seat(name).awaySince = null
  }

  await signIn('reader')
  const { events } = await listen(seat('reader').session)
  await signIn('forgetful')
  await signIn('traveller')

  const at = (hours: number, minutes = 0) => hours * 60 + minutes
  const plan = new Map<number, () => unknown>([
    // Leaves, and never comes back; the workstation locks itself.
    [at(1), () => goesAway('forgetful')],
    [at(1, 10), () => seat('forgetful').session.channel.call('lock')],
    // A meal: locked by the workstation, unlocked by the key.
    [at(2), () => goesAway('reader')],
    [at(2, 10), () => seat('reader').session.channel.call('lock')],
    [at(2, 25), () => comesBack('reader')],
    // The lid of a laptop closes.
    [
      at(3),
      () => {
        seat('traveller').asleep = true
      },
    ],
    [
      at(4),
      async () => {
        const now = time.clock()
        const grant = { now, endsAt: now + 4 * hour }
        sit(
          'keyless',
          await sessionOnGrant(gateway, stations.get('keyless')!, signers.get('keyless')!, grant),
        )
      },
    ],
    // Away again, at a workstation that does not lock itself.
    [at(5), () => goesAway('reader')],
    [at(5, 20), () => comesBack('reader')],
    [
      at(7),
      async () => {
        const back = await gateway.connect(seat('traveller').session.identity).call('session')
        expect(back.body.facts).toEqual({ reason: 'no-sign-of-life', at: start + at(3, 3) * minute })
        const taken = await enter(gateway, stations.get('reader')!, signers.get('traveller')!)
        expect(taken.body).toEqual({ code: 'session-cap', facts: { cap: 'workstation', limit: 1 } })
      },
    ],
    [at(11), () => signIn('nightly')],
    [
      at(12, 1),
      async () => {
        const again = await enter(gateway, stations.get('reader')!, signers.get('reader')!)
        expect(again.status).toBe(200)
        names.set(`session:${again.body.session.id}`, 'reader again')
      },
    ],
    [at(20), () => changeRules(gateway, { shiftHours: 11.5 })],
  ])

  for (let now = 1; now <= at(24); now += 1) {
    time.advance(minute)
    for (const one of seats.values()) {
      if (one.asleep) continue
      one.counter += 1
      const idleMs = one.awaySince === null ? 0 : time.clock() - one.awaySince
      const { status } = await one.session.report(one.counter, idleMs)
      if (status === 401) seats.delete(one.name)
      else expect(status).toBe(200)
    }
    await gateway.sessions.sweep()
    await plan.get(now)?.()
  }

  const clockOf = (ms: number) => {
    const minutes = (ms - start) / minute
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
  }
  const told = ['sign-in.accepted', 'session.locked', 'session.unlocked', 'session.ended']
  const rows = await gateway.foundation.audit.tail(undefined, told)
  const history = rows.reverse().map(({ at, action, object, detail, actor }) => {
    const by = actor === 'gateway:gateway' ? ' by the gateway' : ''
    return `${clockOf(at)} ${names.get(object)} ${action}${by}${detail.reason ? ` ${detail.reason}` : ''}`
  })
  expect(history).toEqual([
    '0:00 reader sign-in.accepted',
    '0:00 forgetful sign-in.accepted',
    '0:00 traveller sign-in.accepted',
    '1:10 forgetful session.locked',
    '1:40 forgetful session.ended by the gateway locked-too-long',
    '2:10 reader session.locked',
    '2:25 reader session.unlocked',
    '3:03 traveller session.ended by the gateway no-sign-of-life',
    '4:00 keyless sign-in.accepted',
    '5:11 reader session.locked by the gateway',
    '5:20 reader session.unlocked',
    '8:00 keyless session.ended by the gateway fallback-over',
    '11:00 nightly sign-in.accepted',
    '12:00 reader session.ended by the gateway expired',
    '12:01 reader again sign-in.accepted',
    '12:04 reader again session.ended by the gateway no-sign-of-life',
    '22:30 nightly session.ended by the gateway expired',
  ])
  expect(events.map((event) => event.kind).filter((kind) => kind !== 'keep-alive')).toEqual([
    'hello',
    'session-locked',
    'session-locked',
    'session-ended',
  ])
  expect(await gateway.sessions.live()).toEqual([])
  expect((await gateway.foundation.audit.verify()).faults).toEqual([])
})
