import { afterEach, describe, expect, it } from 'vitest'
import type { SecurityPolicyInput } from '../../../src/shared/policy/index.ts'
import { movableClock, startGateway, type TestGateway } from '../gateway-harness.ts'
import { listen, until } from './event-log.ts'
import { changeRules, enter, markEmergency, setRoles } from './seats.ts'

type Caps = NonNullable<NonNullable<SecurityPolicyInput['session']>['caps']>

let gateway: TestGateway
afterEach(() => gateway.close())

async function start(caps: Caps, options: Parameters<typeof startGateway>[0] = {}): Promise<void> {
  gateway = await startGateway({ config: { policy: { session: { caps } } }, ...options })
}
const people = (names: string[], more = {}) => Promise.all(names.map((name) => gateway.person(name, more)))
const desks = (names: string[]) => Promise.all(names.map((name) => gateway.workstation(name)))
const codeOf = (answer: { body: { code?: string } }) => answer.body.code

describe('caps', () => {
  it('of the total: the last place goes to one of many who come at once, the others are told which cap', async () => {
    await start({ total: 3, emergencyPlaces: 0 })
    const names = ['reader-a', 'reader-b', 'reader-c', 'reader-d', 'reader-e', 'reader-f']
    const [stations, readers] = [await desks(names), await people(names)]
    for (const i of [0, 1]) expect((await enter(gateway, stations[i]!, readers[i]!)).status).toBe(200)
    const answers = await Promise.all([2, 3, 4, 5].map((i) => enter(gateway, stations[i]!, readers[i]!)))
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    for (const refused of answers.filter((answer) => answer.status !== 200)) {
      expect(refused.body).toEqual({ code: 'session-cap', facts: { cap: 'total', limit: 3 } })
    }
    expect(await gateway.sessions.live()).toHaveLength(3)
    const rows = await gateway.foundation.audit.tail()
    expect(rows.filter((row) => row.action === 'sign-in.refused')).toHaveLength(3)
    expect((await gateway.foundation.audit.verify()).faults).toEqual([])
  })

  it('keep places free for emergency accounts, which are last refused by the total', async () => {
    await start({ total: 3, emergencyPlaces: 1 })
    const names = ['reader-a', 'reader-b', 'reader-c', 'reader-d', 'reader-e']
    const [stations, readers] = [await desks(names), await people(names)]
    await markEmergency(gateway, readers[3]!)
    await markEmergency(gateway, readers[4]!)
    for (const i of [0, 1]) expect((await enter(gateway, stations[i]!, readers[i]!)).status).toBe(200)
    const refused = await enter(gateway, stations[2]!, readers[2]!)
    expect(refused.body).toEqual({ code: 'session-cap', facts: { cap: 'total', limit: 2 } })
    expect((await enter(gateway, stations[3]!, readers[3]!)).status).toBe(200)
    const full = await enter(gateway, stations[4]!, readers[4]!)
    expect(full.body).toEqual({ code: 'session-cap', facts: { cap: 'total', limit: 3 } })
  })

  it('do not count a kept place that is in use as an ordinary one', async () => {
    await start({ total: 3, emergencyPlaces: 1 })
    const names = ['urgent', 'reader-a', 'reader-b']
    const [stations, readers] = [await desks(names), await people(names)]
    await markEmergency(gateway, readers[0]!)
    for (const i of [0, 1, 2]) expect((await enter(gateway, stations[i]!, readers[i]!)).status).toBe(200)
  })

  it('of a role count those who hold it, and change with the policy without throwing anybody out', async () => {
    await start({ perWorkstation: 20, perRole: { technologist: 2 } })
    const [station] = await desks(['one'])
    const techs = await people(['t1', 't2', 't3'], { roles: ['technologist'] })
    const [reader] = await people(['reader'])
    const first = await gateway.session(station!, techs[0]!)
    const second = await gateway.session(station!, techs[1]!)
    expect((await enter(gateway, station!, techs[2]!)).body).toEqual({
      code: 'session-cap',
      facts: { cap: 'role', limit: 2, role: 'technologist' },
    })
    expect((await enter(gateway, station!, reader!)).status).toBe(200)

    const { caps } = gateway.foundation.policies.current().session
    await changeRules(gateway, { caps: { ...caps, perRole: { technologist: 1 } } })
    await gateway.sessions.sweep()
    for (const session of [first, second]) expect((await session.channel.call('session')).status).toBe(200)
    await second.channel.call('signOut')
    expect(codeOf(await enter(gateway, station!, techs[1]!))).toBe('session-cap')
    await changeRules(gateway, { caps: { ...caps, perRole: {} } })
    expect((await enter(gateway, station!, techs[2]!)).status).toBe(200)
  })

  it('of a period count sign-ins, ended sessions too, and let in again when it has slid on', async () => {
    const time = movableClock()
    await start({ period: { signIns: 3, minutes: 10 } }, { clock: time.clock })
    const [station] = await desks(['one'])
    const [reader] = await people(['reader'])
    for (let i = 0; i < 3; i += 1) {
      const session = await gateway.session(station!, reader!)
      await session.channel.call('signOut')
      time.advance(60_000)
    }
    expect((await enter(gateway, station!, reader!)).body).toEqual({
      code: 'session-cap',
      facts: { cap: 'period', limit: 3, minutes: 10 },
    })
    time.advance(7 * 60_000 - 1)
    expect((await enter(gateway, station!, reader!)).status).toBe(409)
    time.advance(1)
    expect((await enter(gateway, station!, reader!)).status).toBe(200)
    expect((await enter(gateway, station!, reader!)).status).toBe(409)
  })

  it('refused leave everything as it was: nobody was ended to make room', async () => {
    await start({ total: 2, emergencyPlaces: 0, perRole: { radiologist: 1 } })
    const [one, two] = await desks(['one', 'two'])
    const [reader] = await people(['reader'])
    const [tech] = await people(['tech'], { roles: ['technologist'] })
    const before = await gateway.session(one!, reader!)
    const locked = await gateway.session(two!, tech!)
    await locked.channel.call('lock')
    const [other] = await people(['other'])
    const refused = await enter(gateway, two!, other!, { replaces: locked.id })
    expect(refused.body.facts).toMatchObject({ cap: 'role' })
    expect((await locked.channel.call('session')).body.state).toBe('locked')
    expect((await before.channel.call('session')).status).toBe(200)
  })
})

describe('a workstation', () => {
  it('seats one person; another is refused while the first is there', async () => {
    await start({})
    const [station] = await desks(['one'])
    const [first, second] = await people(['first', 'second'])
    const session = await gateway.session(station!, first!)
    await session.channel.call('session')
    expect((await enter(gateway, station!, second!)).body).toEqual({
      code: 'session-cap',
      facts: { cap: 'workstation', limit: 1 },
    })
    expect((await session.channel.call('session')).status).toBe(200)
  })

  it('lets one in of two who come at once', async () => {
    await start({})
    const [station] = await desks(['one'])
    const both = await people(['first', 'second'])
    const answers = await Promise.all(both.map((person) => enter(gateway, station!, person)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    expect(await gateway.sessions.live()).toHaveLength(1)
  })

  it('that crashed is free for the next person, once nothing of it is connected', async () => {
    const time = movableClock()
    await start({}, { clock: time.clock })
    const [station] = await desks(['one'])
    const [first, second] = await people(['first', 'second'])
    const session = await gateway.session(station!, first!)
    const { stream } = await listen(session)
    time.advance(20_000)
    expect(codeOf(await enter(gateway, station!, second!))).toBe('session-cap')
    stream.destroy()
    await session.channel.call('session')
    session.channel.close()
    await until(async () => (await enter(gateway, station!, second!)).status === 200)
    const again = await gateway.connect(session.identity).call('session')
    expect(again.body).toMatchObject({ code: 'session-ended', facts: { reason: 'switched-user' } })
  })
})

describe('switching users', () => {
  it('ends the locked session in the moment that the next one begins, and says why', async () => {
    await start({})
    const [station] = await desks(['one'])
    const [first, second] = await people(['first', 'second'])
    const session = await gateway.session(station!, first!)
    const { events } = await listen(session)
    const tooSoon = await enter(gateway, station!, second!, { replaces: session.id })
    expect(tooSoon).toMatchObject({ status: 409, body: { code: 'conflict', facts: { field: 'replaces' } } })
    await session.channel.call('lock')

    const next = await enter(gateway, station!, second!, { replaces: session.id })
    expect(next.status).toBe(200)
    await until(() => events.at(-1)?.kind === 'session-ended')
    expect(events.at(-1)).toMatchObject({ reason: 'switched-user' })
    expect((await gateway.sessions.live()).map((row) => row.loginName)).toEqual(['second'])
    const rows = await gateway.foundation.audit.tail()
    expect(rows.find((row) => row.action === 'session.ended')).toMatchObject({
      actor: `account:${second!.accountId}`,
      detail: { reason: 'switched-user' },
    })
  })

  it('never reaches another workstation’s session, or one that is not', async () => {
    await start({})
    const [one, two] = await desks(['one', 'two'])
    const [first, second] = await people(['first', 'second'])
    const session = await gateway.session(one!, first!)
    await session.channel.call('lock')
    for (const replaces of [session.id, '00000000-0000-4000-8000-000000000000']) {
      const answer = await enter(gateway, two!, second!, { replaces })
      expect(answer.body).toEqual({ code: 'conflict', facts: { field: 'replaces' } })
    }
    expect((await session.channel.call('session')).body.state).toBe('locked')
    expect(await gateway.sessions.live()).toHaveLength(1)
  })

  it('has nothing to end where the locked session ended by itself meanwhile', async () => {
    await start({})
    const [station] = await desks(['one'])
    const [first, second] = await people(['first', 'second'])
    const session = await gateway.session(station!, first!)
    await session.channel.call('lock')
    await session.channel.call('signOut')
    expect((await enter(gateway, station!, second!, { replaces: session.id })).status).toBe(200)
  })

  it('is won by one where two would replace the same session', async () => {
    await start({})
    const [station] = await desks(['one'])
    const [first, ...others] = await people(['first', 'second', 'third'])
    const session = await gateway.session(station!, first!)
    await session.channel.call('lock')
    const answers = await Promise.all(
      others.map((person) => enter(gateway, station!, person, { replaces: session.id })),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    expect(await gateway.sessions.live()).toHaveLength(1)
  })
})

describe('the roles of a session', () => {
  it('are those that it began with; one that is added since counts from the next sign-in', async () => {
    await start({})
    const [station] = await desks(['one'])
    const [reader] = await people(['reader'])
    const session = await gateway.session(station!, reader!)
    await setRoles(gateway, reader!, ['radiologist', 'auditor'])
    await gateway.sessions.sweep()
    expect((await session.channel.call('session')).body.roles).toEqual(['radiologist'])
    expect((await session.channel.call('searchAudit', { body: {} })).status).toBe(403)
    const [row] = await gateway.sessions.live()
    expect(row).toMatchObject({ roles: ['radiologist'], factor: 'certificate' })
    const next = await gateway.session(station!, reader!)
    expect((await next.channel.call('searchAudit', { body: {} })).status).toBe(200)
  })
})
