import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { routeCalls } from '../../../src/shared/ipc/index.ts'
import { startGateway, type TestGateway, type TestPerson } from '../../server/gateway-harness.ts'
import { type Desk, openDesk, ticketOf } from '../desk.ts'

/** The calls that go to the gateway as they are, and tables that leave it as files; against a real gateway. */
describe('officers’ calls of the window', () => {
  let gateway: TestGateway
  let officer: TestPerson
  let desk: Desk

  beforeAll(async () => {
    gateway = await startGateway()
    officer = await gateway.person('chen', { roles: ['security-officer'] })
    desk = await openDesk()
    await desk.enrol(await ticketOf(gateway))
    desk.insert(officer, 'chen')
  })
  beforeEach(async () => {
    const { phase } = await desk.value('workstation.state')
    if (phase === 'signed-out') expect(await desk.signIn('chen')).toMatchObject({ ok: true })
    if (phase === 'locked') expect(await desk.unlock('chen')).toMatchObject({ ok: true })
  })
  afterAll(async () => {
    await desk.close()
    await gateway.close()
  })

  const actions = async () => (await gateway.foundation.audit.tail()).map(({ action }) => action)

  it('tell what a sign-in takes, once the gateway has been reached', async () => {
    expect(await desk.value('workstation.sign-in-rules')).toEqual({
      password: false,
      fallback: true,
      newPassword: { minLength: 10, minClasses: 3, history: 5 },
    })
  })

  it('answer with what the gateway holds', async () => {
    const accounts = await desk.value('administration.accounts')
    expect(accounts.map(({ loginName }) => loginName)).toEqual(['chen'])
    expect(await desk.value('administration.sessions')).toMatchObject([
      { loginName: 'chen', workstation: '阅片室', factor: 'certificate' },
    ])
    expect(await desk.value('administration.policy')).toMatchObject({ version: 1 })
    expect(await desk.value('account.own')).toMatchObject({ password: null, totpEnrolledAt: null })
  })

  it('carry parameters and body to their places, and refusals back by their codes', async () => {
    const { accountId } = await gateway.person('li')
    const authority = { roles: ['radiologist' as const], clearance: 'sensitive' as const, emergency: true }
    await desk.value('administration.authorise-account', { id: accountId, ...authority })
    const [li] = (await desk.value('administration.accounts')).filter(({ loginName }) => loginName === 'li')
    expect(li).toMatchObject(authority)
    // A permission that this officer does not have, and an account that is not there.
    expect(
      await desk.ask('administration.edit-account', { id: accountId, displayName: '李四' }),
    ).toMatchObject({ failure: { code: 'permission-denied' } })
    const absent = '0b2f6e0e-5a4c-4f0a-9a43-1f2b9d3f5a11'
    expect(await desk.ask('administration.clear-lockout', { id: absent, reason: '试' })).toMatchObject({
      failure: { code: 'not-found' },
    })
  })

  it('save a table, with its byte order mark, once the gateway has recorded it', async () => {
    const table = { table: 'accounts', rows: 2, fileName: '账号.csv', text: '姓名\r\n王芳\r\n' } as const
    expect(await desk.value('administration.export', table)).toEqual({ path: '/chosen/账号.csv' })
    const saved = Buffer.from(desk.shell.saved.get('账号.csv') ?? [])
    expect(saved.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
    expect(saved.subarray(3).toString('utf8')).toBe(table.text)
    expect((await actions()).filter((action) => /export/.test(action))).toHaveLength(1)
  })

  it('save nothing that the gateway has not recorded', async () => {
    const table = { table: 'accounts', rows: 2, fileName: '丙.csv', text: 'x' } as const
    await desk.value('workstation.lock')
    expect(await desk.ask('administration.export', table)).toMatchObject({
      failure: { code: 'session-locked' },
    })
    await desk.value('session.sign-out')
    desk.insert(await gateway.person('zhao'), 'zhao')
    expect(await desk.signIn('zhao')).toMatchObject({ ok: true })
    expect(await desk.ask('administration.export', table)).toMatchObject({
      failure: { code: 'permission-denied' },
    })
    await desk.value('session.sign-out')
    expect(desk.shell.saved.has('丙.csv')).toBe(false)
  })

  it('are all refused while the screen is locked', async () => {
    await desk.value('workstation.lock')
    const id = '0b2f6e0e-5a4c-4f0a-9a43-1f2b9d3f5a11'
    expect(await desk.ask('account.own')).toMatchObject({ failure: { code: 'session-locked' } })
    expect(await desk.ask('account.begin-totp', { password: 'x' })).toMatchObject({
      failure: { code: 'session-locked' },
    })
    expect(await desk.ask('administration.end-session', { id, reason: 'x' })).toMatchObject({
      failure: { code: 'session-locked' },
    })
    for (const [call, route] of Object.entries(routeCalls)) {
      const answer = await desk.shell.services().invoke(call, 'query' in route ? {} : undefined)
      expect(answer).toMatchObject({
        ok: false,
        failure: { code: expect.stringMatching(/^(session-locked|bad-request)$/) },
      })
    }
  })
})
