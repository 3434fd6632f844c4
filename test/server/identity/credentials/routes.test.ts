import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OwnCredentials } from '../../../../src/shared/api/index.ts'
import type { SecurityPolicyInput } from '../../../../src/shared/policy/index.ts'
import { signInFallback, totpCode } from '../../fallback-client.ts'
import {
  movableClock,
  startGateway,
  type TestGateway,
  type TestPerson,
  type TestSession,
  type TestWorkstation,
} from '../../gateway-harness.ts'
import { signIn } from '../../sign-in-client.ts'

const good = 'mQ7#tLx2vB'
const other = 'gT4!nWc8rD'
const step = 30_000
const policy: SecurityPolicyInput = {
  signIn: { factors: 'certificate-and-password' },
  lockout: { account: { failures: 3 }, workstation: { failures: 20 } },
}

const { clock, advance } = movableClock()
const lines: string[] = []
const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
let gateway: TestGateway
let officer: TestSession
let officerPerson: TestPerson
beforeAll(async () => {
  gateway = await startGateway({ clock, config: { policy }, log })
  officerPerson = await gateway.person('officer', { roles: ['security-officer'] })
  const desk = await gateway.workstation('desk')
  officer = await gateway.session(desk, officerPerson, { newPassword: good })
})
afterAll(() => gateway.close())

let count = 0
/** A person who has just chosen a password, in session at a workstation of their own. */
async function somebody(): Promise<{
  person: TestPerson
  workstation: TestWorkstation
  session: TestSession
  loginName: string
}> {
  count += 1
  const loginName = `person.${count}`
  const person = await gateway.person(loginName)
  const workstation = await gateway.workstation(`w-${count}`)
  const session = await gateway.session(workstation, person, { newPassword: good })
  return { person, workstation, session, loginName }
}
const attempt = async (who: { person: TestPerson; workstation: TestWorkstation }, more: object) => {
  const { workstation, person } = who
  return (await signIn(gateway.connect(workstation.identity), person.signer, workstation.id, { ...more }))
    .body
}
const own = async (session: TestSession): Promise<OwnCredentials> =>
  OwnCredentials.parse((await session.channel.call('ownCredentials')).body)
const change = async (session: TestSession, password: string, newPassword: string) =>
  (await session.channel.call('changePassword', { body: { password, newPassword } })).body

describe('a person’s own credentials', () => {
  it('are shown with what is their own, and with what others tried', async () => {
    const who = await somebody()
    const first = await own(who.session)
    expect(first).toMatchObject({
      password: { expiresAt: clock() + 90 * 86_400_000, warn: false },
      totpEnrolledAt: null,
      lastSignIn: null,
      failuresSince: 0,
    })
    expect(first.certificates[0]?.subject).toContain(who.loginName)
    advance(60_000)
    const began = clock() - 60_000
    for (let i = 0; i < 2; i += 1) await attempt(who, { password: other })
    const stranger = await somebody()
    await attempt(stranger, { password: other })
    advance(1000)
    const session = await gateway.session(who.workstation, who.person, { password: good })
    expect(await own(session)).toMatchObject({
      lastSignIn: { at: began, workstation: who.workstation.name },
      failuresSince: 2,
    })
  })
})

describe('what alarms a person', () => {
  it('is not what they were asked for on their own way in, but is the same elsewhere', async () => {
    const who = await somebody()
    advance(60_000)
    // No password typed yet: asked for at the person's own workstation, and at another by who has the key.
    expect(await attempt(who, {})).toMatchObject({ code: 'password-required' })
    const elsewhere = await gateway.workstation('w-elsewhere')
    expect(await attempt({ ...who, workstation: elsewhere }, {})).toMatchObject({ code: 'password-required' })
    advance(1000)
    const session = await gateway.session(who.workstation, who.person, { password: good })
    expect(await own(session)).toMatchObject({ failuresSince: 1 })
  })
})

describe('the own password', () => {
  it('is changed against the old one, by the rules, and not to one before', async () => {
    const { session, person, workstation } = await somebody()
    expect(await change(session, other, 'hY6%kZp3sF')).toEqual({ code: 'password-wrong', facts: {} })
    expect(await change(session, good, 'Admin@12345')).toMatchObject({
      code: 'password-unacceptable',
      facts: { why: 'weak' },
    })
    expect(await change(session, good, good)).toMatchObject({ facts: { why: 'reused' } })
    expect(await change(session, good, other)).toEqual({})
    expect(await change(session, other, good)).toMatchObject({ facts: { why: 'reused' } })
    expect(await attempt({ person, workstation }, { password: good })).toMatchObject({
      code: 'password-wrong',
    })
    const rows = await gateway.foundation.audit.tail(undefined, ['password.changed', 'credentials.refused'])
    expect(rows[0]).toMatchObject({ action: 'password.changed', actor: `account:${person.accountId}` })
    expect(rows.some((row) => row.action === 'credentials.refused')).toBe(true)
  })

  it('is not guessed at from an open session more often than at sign-in', async () => {
    const { session } = await somebody()
    for (let i = 0; i < 3; i += 1)
      expect(await change(session, other, 'hY6%kZp3sF')).toMatchObject({ code: 'password-wrong' })
    expect(await change(session, good, 'hY6%kZp3sF')).toMatchObject({ code: 'locked-out' })
    const body = { password: good }
    expect((await session.channel.call('beginTotp', { body })).body).toMatchObject({ code: 'locked-out' })
  })
})

describe('the own TOTP', () => {
  it('is begun with the password and counts once a code has confirmed it', async () => {
    const { session } = await somebody()
    const begin = (password: string) => session.channel.call('beginTotp', { body: { password } })
    const confirm = (code: string) => session.channel.call('confirmTotp', { body: { code } })
    expect((await begin(other)).body).toMatchObject({ code: 'password-wrong' })
    const { secret } = (await begin(good)).body
    expect((await own(session)).totpEnrolledAt).toBeNull()
    const code = totpCode(secret, clock())
    expect((await confirm(code === '000000' ? '111111' : '000000')).body).toEqual({
      code: 'totp-code-wrong',
      facts: {},
    })
    expect((await confirm(code)).body).toEqual({})
    expect((await own(session)).totpEnrolledAt).toBe(clock())
    expect((await confirm(code)).body).toMatchObject({ code: 'totp-code-wrong' })
    expect((await gateway.foundation.audit.tail(undefined, ['totp.issued', 'totp.confirmed'])).length).toBe(2)
  })
})

describe('the security officer', () => {
  it('resets a password to one that is shown once and must be changed', async () => {
    const who = await somebody()
    const params = { id: who.person.accountId }
    const { password, expiresAt } = (await officer.channel.call('resetPassword', { params })).body
    expect(password.length).toBeGreaterThanOrEqual(14)
    expect(expiresAt).toBe(clock() + 24 * 3_600_000)
    expect(await attempt(who, { password: good })).toMatchObject({ code: 'password-wrong' })
    expect(await attempt(who, { password })).toMatchObject({ code: 'password-change-required' })
    expect(await attempt(who, { password, newPassword: other })).toMatchObject({ session: {} })
  })

  it('clears a lock-out, with a reason', async () => {
    const who = await somebody()
    for (let i = 0; i < 3; i += 1) await attempt(who, { password: other })
    expect(await attempt(who, { password: good })).toMatchObject({ code: 'locked-out' })
    const call = { params: { id: who.person.accountId }, body: { reason: '本人来电' } }
    expect((await officer.channel.call('clearLockout', call)).body).toEqual({})
    expect(await attempt(who, { password: good })).toMatchObject({ session: {} })
    expect((await gateway.foundation.audit.tail(undefined, ['lockout.cleared']))[0]?.detail).toEqual({
      reason: '本人来电',
    })
  })

  it('does none of it to the own account, to nobody’s, or to the bootstrap administrator', async () => {
    const bootstrap = await gateway.person('bootstrap', { roles: ['radiologist'] })
    await gateway.foundation.store.db
      .updateTable('accounts')
      .set({ roles: JSON.stringify(['bootstrap-administrator']) })
      .where('id', '=', bootstrap.accountId)
      .execute()
    const because = { reason: 'x' }
    const calls = [
      ['resetPassword', undefined],
      ['clearLockout', because],
      ['grantFallback', { ...because, hours: 1 }],
      ['endFallback', because],
    ] as const
    for (const [name, body] of calls) {
      const code = async (id: string) =>
        (await officer.channel.call(name, { params: { id }, ...(body ? { body } : {}) })).body.code
      expect(await code(officerPerson.accountId)).toBe('own-account')
      expect(await code(randomUUID())).toBe('not-found')
      expect(await code(bootstrap.accountId)).toBe('permission-denied')
    }
  })

  it('alone may', async () => {
    const { session, person } = await somebody()
    for (const name of ['resetPassword', 'clearLockout', 'grantFallback', 'endFallback'] as const) {
      const answer = await session.channel.call(name, { params: { id: person.accountId }, body: {} })
      expect(answer.body).toMatchObject({ code: 'permission-denied' })
    }
  })
})

describe('no password, code or secret', () => {
  it('is found in any file of the gateway, its log or its audit', async () => {
    const who = await somebody()
    const params = { id: who.person.accountId }
    const reset = (await officer.channel.call('resetPassword', { params })).body
    const chosen = 'jU9&bXq5wG'
    const granted = await officer.channel.call('grantFallback', { params, body: { hours: 1, reason: 'x' } })
    const { secret } = granted.body.totp
    const code = totpCode(secret, clock())
    const typed = { loginName: who.loginName, password: reset.password, newPassword: chosen, code }
    const begun = await signInFallback(gateway.connect(who.workstation.identity), {
      ...typed,
      takeOver: true,
    })
    expect(begun.status).toBe(200)
    const mistyped = 'kV3*dQm8zR'
    advance(step)
    await signInFallback(gateway.connect(who.workstation.identity), { ...typed, password: mistyped })
    await attempt(who, { password: mistyped })
    // An error on the way of a password: the log tells where, and nothing of it.
    await gateway.foundation.store.db
      .updateTable('account_passwords')
      .set({ sealed_hash: 'broken' })
      .where('account_id', '=', who.person.accountId)
      .execute()
    expect(await attempt(who, { password: chosen })).toMatchObject({ code: 'internal' })
    expect(lines.length).toBeGreaterThan(0)
    const secrets = [reset.password, chosen, mistyped, good, other, secret, `"${code}"`]
    const forms = secrets.flatMap((text) => [text, Buffer.from(text).toString('base64').replace(/=+$/, '')])
    const files = (await readdir(gateway.dir, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    )
    const audit = JSON.stringify(await gateway.foundation.audit.tail())
    expect(files.some((file) => file.name.endsWith('-wal'))).toBe(true)
    for (const form of forms) {
      for (const file of files) {
        const bytes = await readFile(join(file.parentPath, file.name))
        expect(bytes.includes(form), file.name).toBe(false)
      }
      expect(lines.join('')).not.toContain(form)
      expect(audit).not.toContain(form)
    }
  })
})
