import { Secret, TOTP } from 'otpauth'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startGateway, type TestGateway, type TestPerson } from '../server/gateway-harness.ts'
import { type Desk, openDesk, pin, ticketOf } from './desk.ts'

/** A lost key: the security officer lets password + TOTP stand in for it. Through the window's calls, against a real gateway. */
describe('sign-in without a key', () => {
  const chosen = 'Schwarzer-Kaffee-27'
  let gateway: TestGateway
  let officer: TestPerson
  let wang: TestPerson
  let desk: Desk

  beforeAll(async () => {
    gateway = await startGateway()
    officer = await gateway.person('chen', { roles: ['security-officer'] })
  })
  beforeEach(async () => {
    desk = await openDesk()
    await desk.enrol(await ticketOf(gateway))
    desk.insert(officer, 'chen')
  })
  afterEach(() => desk.close())
  afterAll(() => gateway.close())

  /** What the officer does at the same workstation; the person's one-time password and their authenticator. */
  async function granted(loginName: string) {
    wang = await gateway.person(loginName)
    expect(await desk.signIn('chen')).toMatchObject({ ok: true })
    const { password } = await desk.value('administration.reset-password', { id: wang.accountId })
    const grant = { id: wang.accountId, hours: 4, reason: '钥匙遗失', newTotp: false }
    const { totp } = await desk.value('administration.grant-fallback', grant)
    await desk.value('session.sign-out')
    // The codes below are for this half minute and the one before it: it must not end in the middle.
    const left = 30_000 - (Date.now() % 30_000)
    if (left < 12_000) await new Promise((resolve) => setTimeout(resolve, left))
    const authenticator = new TOTP({ secret: Secret.fromBase32(totp?.secret ?? '') })
    /** A code is good once: the one before the present one first, then the present one. */
    const code = (ago: number) => authenticator.generate({ timestamp: Date.now() - ago * 30_000 })
    return { password, code }
  }

  it('signs in with a one-time password and a code, works, locks, and unlocks with the next code', async () => {
    const { password, code } = await granted('wang')
    const entered = { loginName: 'wang', password, code: code(1), takeOver: false }
    expect(await desk.ask('session.sign-in-fallback', entered)).toMatchObject({
      failure: { code: 'password-change-required', facts: { why: 'must-change' } },
    })
    expect(await desk.ask('session.sign-in-fallback', { ...entered, newPassword: 'wang' })).toMatchObject({
      failure: { code: 'password-unacceptable' },
    })
    expect(await desk.ask('session.sign-in-fallback', { ...entered, newPassword: chosen })).toMatchObject({
      ok: true,
    })
    expect(desk.shell.lastState()).toMatchObject({
      phase: 'active',
      session: { loginName: 'wang', factor: 'fallback' },
    })
    await desk.value('worklist.list', {
      filter: { status: 'all' },
      sort: null,
      offset: 0,
      limit: 10,
    })

    // It began without a key: no key that is taken out is its own.
    desk.remove('chen')
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(desk.shell.lastState()).toMatchObject({ phase: 'active' })

    await desk.value('workstation.lock')
    expect(await desk.ask('session.unlock-fallback', { password: 'wrong', code: code(0) })).toMatchObject({
      failure: { code: 'credentials-wrong' },
    })
    expect(await desk.ask('session.unlock-fallback', { password: chosen, code: code(0) })).toEqual({
      ok: true,
      value: {},
    })
    expect(desk.shell.lastState()).toMatchObject({ phase: 'active' })
    for (const secret of [pin, password, chosen, 'wang']) expect(desk.log()).not.toContain(secret)
  })

  it('replaces a locked session like any other, and ends with the grant', async () => {
    const { password, code } = await granted('zhou')
    const entered = { loginName: 'zhou', password, newPassword: chosen, code: code(0), takeOver: false }
    expect(await desk.signIn('chen')).toMatchObject({ ok: true })
    await desk.value('workstation.lock')
    expect(await desk.ask('session.sign-in-fallback', { ...entered, password: 'wrong' })).toMatchObject({
      failure: { code: 'credentials-wrong' },
    })
    expect(desk.shell.lastState()).toMatchObject({ phase: 'locked', session: { loginName: 'chen' } })
    expect(await desk.ask('session.sign-in-fallback', entered)).toMatchObject({ ok: true })
    expect((await gateway.sessions.live()).map(({ loginName }) => loginName)).toEqual(['zhou'])

    const other = await openDesk()
    try {
      await other.enrol(await ticketOf(gateway))
      other.insert(officer, 'chen')
      expect(await other.signIn('chen')).toMatchObject({ ok: true })
      await other.value('administration.end-fallback', { id: wang.accountId, reason: '钥匙找到' })
      await desk.phase('signed-out')
      expect(desk.shell.lastState()).toMatchObject({
        ended: { reason: 'fallback-over', displayName: '姓名 zhou' },
      })
    } finally {
      await other.close()
    }
  })

  it('is refused alike for who has no grant and who is not there', async () => {
    await gateway.person('sun')
    for (const loginName of ['sun', 'nobody']) {
      const entered = { loginName, password: 'x', code: '123456', takeOver: false }
      expect(await desk.ask('session.sign-in-fallback', entered)).toEqual({
        ok: false,
        failure: { code: 'credentials-wrong', facts: {} },
      })
    }
  })
})
