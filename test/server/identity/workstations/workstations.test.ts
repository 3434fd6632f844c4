import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EnrolmentTicket, enrolPath, WorkstationRow } from '../../../../src/shared/api/index.ts'
import { openChannel } from '../../channel.ts'
import {
  movableClock,
  startGateway,
  type TestGateway,
  type TestSession,
  type TestWorkstation,
} from '../../gateway-harness.ts'
import { keyAndRequest } from '../../sign-in-client.ts'

let gateway: TestGateway
let advance: (ms: number) => void
let desk: TestWorkstation
let officer: TestSession
beforeEach(async () => {
  const time = movableClock()
  advance = time.advance
  gateway = await startGateway({ clock: time.clock, config: { serverNames: ['127.0.0.1', 'localhost'] } })
  desk = await gateway.workstation('信息科')
  officer = await gateway.session(desk, await gateway.person('admin', { roles: ['security-officer'] }))
})
afterEach(() => gateway.close())

const list = async (): Promise<WorkstationRow[]> => (await officer.channel.call('workstations')).body
const row = async (id: string) => (await list()).find((each) => each.id === id)
const change = (name: 'suspendWorkstation' | 'resumeWorkstation' | 'revokeWorkstation', id: string) =>
  officer.channel.call(name, { params: { id }, body: { reason: '搬迁' } })

describe('workstations', () => {
  it('are suspended, resumed and revoked for good, each with its reason in the audit', async () => {
    const at = await gateway.workstation('阅片一号')
    const channel = gateway.connect(at.identity)
    expect((await channel.call('status')).status).toBe(200)
    expect((await change('resumeWorkstation', at.id)).body).toMatchObject({ code: 'conflict' })

    expect((await change('suspendWorkstation', at.id)).status).toBe(200)
    expect(await channel.call('status')).toMatchObject({
      status: 403,
      body: { code: 'workstation-suspended' },
    })
    expect((await channel.call('signInChallenge')).body.code).toBe('workstation-suspended')
    expect(await row(at.id)).toMatchObject({ state: 'suspended' })
    expect((await change('suspendWorkstation', at.id)).body.code).toBe('conflict')

    expect((await change('resumeWorkstation', at.id)).status).toBe(200)
    expect((await channel.call('status')).status).toBe(200)
    expect(await row(at.id)).toMatchObject({ state: 'active' })

    expect((await change('revokeWorkstation', at.id)).status).toBe(200)
    expect(await channel.call('status')).toMatchObject({ status: 401, body: { code: 'workstation-revoked' } })
    for (const name of ['suspendWorkstation', 'resumeWorkstation', 'revokeWorkstation'] as const)
      expect((await change(name, at.id)).body.code).toBe('conflict')
    expect((await change('revokeWorkstation', randomUUID())).body.code).toBe('not-found')

    const told = (await gateway.foundation.audit.tail()).filter(
      ({ object, outcome }) => object === `workstation:${at.id}` && outcome === 'success',
    )
    expect(told.map(({ action }) => action).filter((action) => /ed$/.test(action))).toEqual([
      'workstation.revoked',
      'workstation.resumed',
      'workstation.suspended',
      'workstation.enrolled',
    ])
    expect(told[0]).toMatchObject({ detail: { reason: '搬迁' }, actor: expect.stringMatching(/^account:/) })
  })

  it('that are suspended and go on asking do not fill the audit', async () => {
    const at = await gateway.workstation('阅片三号')
    const channel = gateway.connect(at.identity)
    await gateway.workstations.suspend(at.id, { kind: 'cli', id: 'test' }, 'x')
    const refusals = async () =>
      (await gateway.foundation.audit.tail()).filter(
        ({ action, actor }) => action === 'access.refused' && actor === `workstation:${at.id}`,
      ).length
    for (let i = 0; i < 5; i += 1) expect((await channel.call('status')).status).toBe(403)
    expect(await refusals()).toBe(1)
    advance(600_000)
    expect((await channel.call('status')).status).toBe(403)
    expect(await refusals()).toBe(2)
  })

  it('end what runs on them', async () => {
    for (const name of ['suspendWorkstation', 'revokeWorkstation'] as const) {
      const at = await gateway.workstation(name)
      const session = await gateway.session(at, await gateway.person(name.toLowerCase()))
      expect((await session.channel.call('session')).status).toBe(200)
      expect((await change(name, at.id)).status).toBe(200)
      const answer = await session.channel.call('session')
      expect(answer.status).not.toBe(200)
    }
  })

  it('are listed with who is there, when they were seen, and until when they are held off', async () => {
    const at = await gateway.workstation('阅片一号')
    expect(await row(at.id)).toMatchObject({
      state: 'active',
      lastSeenAt: null,
      lockedUntil: null,
      sessions: [],
    })
    const channel = gateway.connect(at.identity)
    const first = gateway.foundation.clock()
    await channel.call('status')
    expect((await row(at.id))?.lastSeenAt).toBe(first)
    advance(59_000)
    await channel.call('status')
    expect((await row(at.id))?.lastSeenAt).toBe(first)
    advance(1_000)
    await channel.call('status')
    expect((await row(at.id))?.lastSeenAt).toBe(first + 60_000)

    const until = gateway.foundation.clock() + 5_000
    await gateway.foundation.store.db
      .insertInto('lockouts')
      .values({ subject: `workstation:${at.id}`, failures: 15, last_failure_at: 1, locked_until: until })
      .execute()
    expect(await row(at.id)).toMatchObject({ lockedUntil: until })
    advance(5_000)
    expect(await row(at.id)).toMatchObject({ lockedUntil: null })
    expect(await row(desk.id)).toMatchObject({ sessions: ['姓名 admin'] })
    for (const each of await list()) WorkstationRow.parse(each)
  })

  it('are enrolled by a ticket that the officer makes, at once', async () => {
    const answer = await officer.channel.call('createEnrolmentTicket', { body: { minutes: 30 } })
    expect(answer.status).toBe(200)
    expect(answer.body.expiresAt).toBe(gateway.foundation.clock() + 30 * 60_000)
    const ticket = EnrolmentTicket.parse(answer.body.ticket)
    expect(ticket).toMatchObject({ host: '127.0.0.1', port: gateway.enrolment.port() })
    expect(ticket.pin).toBe(gateway.authorities.gatewayPin)
    const channel = openChannel({ port: ticket.port, ca: gateway.authorities.gatewayCa })
    const { csr } = await keyAndRequest()
    const body = { code: ticket.code, csr: csr.toString('base64'), name: '新站' }
    expect((await channel.send('POST', enrolPath, { body })).status).toBe(200)
    channel.close()
    expect((await list()).map(({ name }) => name)).toContain('新站')
    const audit = JSON.stringify(await gateway.foundation.audit.tail())
    expect(audit).not.toContain(ticket.code)
  })

  it('are nothing for others than the officer', async () => {
    const at = await gateway.workstation('阅片二号')
    const auditor = await gateway.session(at, await gateway.person('audit', { roles: ['auditor'] }))
    for (const call of [
      auditor.channel.call('suspendWorkstation', { params: { id: desk.id }, body: { reason: 'x' } }),
      auditor.channel.call('createEnrolmentTicket', { body: { minutes: 5 } }),
    ])
      expect((await call).body.code).toBe('permission-denied')
    const plain = gateway.connect(at.identity)
    const answer = await plain.call('revokeWorkstation', { params: { id: desk.id }, body: { reason: 'x' } })
    expect(answer.body.code).toBe('session-required')
  })
})
