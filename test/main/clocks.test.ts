import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { steadyClock } from '../../src/main/lock/index.ts'
import { startGateway, type TestGateway, type TestPerson } from '../server/gateway-harness.ts'
import { type Desk, openDesk, ticketOf } from './desk.ts'

/** Idle time, clocks that are set and machines that sleep, through the workstation and against a real gateway. */

const hour = 3_600_000
const lockAfterMinutes = 0.04

describe('the workstation and its clocks', () => {
  const desks: Desk[] = []
  let impatient: TestGateway
  let patient: TestGateway
  let people: { at: TestGateway; person: TestPerson }[]

  beforeAll(async () => {
    impatient = await startGateway({ config: { policy: { session: { lockAfterMinutes } } } })
    patient = await startGateway()
    people = [
      { at: impatient, person: await impatient.person('zhang') },
      { at: patient, person: await patient.person('zhang') },
    ]
  })
  afterEach(async () => {
    await Promise.all(desks.splice(0).map((desk) => desk.close()))
  })
  afterAll(() => Promise.all([impatient.close(), patient.close()]))

  /** Signed in at a gateway; `wall` and `steady` are what the test adds to the two clocks. */
  async function signedIn(at: TestGateway) {
    const added = { wall: () => 0, steady: () => 0 }
    const desk = await openDesk({
      clock: () => Date.now() + added.wall(),
      steady: () => steadyClock() + added.steady(),
    })
    desks.push(desk)
    await desk.enrol(await ticketOf(at))
    const person = people.find((candidate) => candidate.at === at)?.person as TestPerson
    desk.insert(person, 'zhang')
    expect(await desk.signIn('zhang')).toMatchObject({ ok: true })
    desk.shell.order.length = 0
    return { desk, added }
  }
  const seen = ({ shell }: Desk) => shell.order.filter((step) => /blank|state/.test(step))

  it('locks after the time that policy says, and an input puts it off', async () => {
    const { desk } = await signedIn(impatient)
    const until = Date.now() + lockAfterMinutes * 60_000 + 1_500
    while (Date.now() < until) {
      await desk.value('workstation.active')
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect(desk.shell.lastState()).toMatchObject({ phase: 'active' })
    await desk.phase('locked')
    expect(desk.shell.lastState()).toMatchObject({ why: 'idle' })
    expect(seen(desk)).toEqual(['blank', 'state:locked', 'unblank'])
  })

  it('is not kept open by a clock set back again and again', async () => {
    const { desk, added } = await signedIn(impatient)
    const start = steadyClock()
    added.wall = () => -3 * (steadyClock() - start)
    await desk.phase('locked')
    expect(desk.shell.lastState()).toMatchObject({ why: 'idle' })
  })

  it.each([
    ['set back', -hour],
    ['set forward', hour],
  ])('locks at once when the clock is %s', async (_how, by) => {
    const { desk, added } = await signedIn(patient)
    added.wall = () => by
    await expect
      .poll(() => desk.shell.lastState(), { timeout: 2_500 })
      .toMatchObject({ phase: 'locked', why: 'clock-changed' })
    added.wall = () => 0
    expect(await desk.unlock('zhang')).toMatchObject({ ok: true })
  })

  it('locks when it wakes from a sleep that nobody told of', async () => {
    const { desk, added } = await signedIn(patient)
    added.steady = () => hour
    added.wall = () => hour
    await expect
      .poll(() => desk.shell.lastState(), { timeout: 2_500 })
      .toMatchObject({ phase: 'locked', why: 'suspend' })
    expect(seen(desk)).toEqual(['blank', 'state:locked', 'unblank'])
  })

  it.each(['suspend', 'resume'] as const)('blanks within the very signal: %s', async (signal) => {
    const { desk } = await signedIn(patient)
    desk.shell.signal(signal)
    // Nothing has been awaited: the machine may stop here, and shows this first when it goes on.
    expect(seen(desk)).toEqual(['blank'])
    await desk.phase('locked')
    expect(desk.shell.lastState()).toMatchObject({ why: 'suspend' })
  })

  it('goes by the idle time that the security officer has just set', async () => {
    const { desk } = await signedIn(patient)
    const { policies } = patient.foundation
    const session = { ...policies.current().session, lockAfterMinutes }
    const actor = { kind: 'cli', id: 'test' } as const
    const change = { policy: { ...policies.current(), session }, baseVersion: 1 }
    await policies.change(change, { accountId: 'test', actor })
    await expect
      .poll(() => desk.shell.lastState())
      .toMatchObject({ phase: 'active', session: { lockAfterMs: lockAfterMinutes * 60_000 } })
    await desk.phase('locked')
    expect(desk.shell.lastState()).toMatchObject({ why: 'idle' })
  })
})
