import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SecurityPolicyInput } from '../../../../src/shared/policy/index.ts'
import {
  movableClock,
  startGateway,
  type TestGateway,
  type TestPerson,
  type TestWorkstation,
} from '../../gateway-harness.ts'
import { type Signer, signIn } from '../../sign-in-client.ts'

const by = { kind: 'cli', id: 'test' } as const
const day = 86_400_000
const good = 'mQ7#tLx2vB'
const other = 'gT4!nWc8rD'
const policy: SecurityPolicyInput = {
  signIn: { factors: 'certificate-and-password' },
  password: { maxAgeDays: 30 },
  lockout: { account: { failures: 3 }, workstation: { failures: 6 } },
}

const { clock, advance } = movableClock()
let gateway: TestGateway
let workstation: TestWorkstation
/** Enrolled before the clock moves: TLS looks at the real time. */
const unused: TestWorkstation[] = []
beforeAll(async () => {
  gateway = await startGateway({ clock, config: { policy } })
  for (let i = 0; i < 30; i += 1) unused.push(await gateway.workstation(`w-${i}`))
})
function freshWorkstation(): TestWorkstation {
  const fresh = unused.pop()
  if (!fresh) throw new Error('enrol more workstations')
  return fresh
}
afterAll(() => gateway.close())

let count = 0
/** A person with a password, at a workstation of their own: wrong entries are each one's. */
async function somebody(password: string | null = good) {
  count += 1
  workstation = freshWorkstation()
  const person = await gateway.person(`person.${count}`)
  if (password !== null) await setPassword(person, password)
  return person
}
async function setPassword({ accountId }: TestPerson, password: string): Promise<void> {
  const { holders, passwords } = gateway.credentials
  const change = await passwords.prepareChange(await holders.byId(accountId), password)
  await gateway.foundation.store.transaction((trx) => change(trx, by))
}
/** The hospital keeps its revocation list new meanwhile. */
async function pass(ms: number): Promise<void> {
  advance(ms)
  await gateway.revoke([])
}
const attempt = async (signer: Signer, more: Record<string, unknown> = {}) => {
  const answer = await signIn(gateway.connect(workstation.identity), signer, workstation.id, more)
  return { status: answer.status, ...answer.body }
}
const lastAudit = async () => (await gateway.foundation.audit.tail())[0]

describe('sign-in by certificate and password', () => {
  it('is announced before anybody signs in', async () => {
    await somebody(null)
    const status = await gateway.connect(workstation.identity).call('status')
    expect(status.body.signIn).toEqual({
      password: true,
      fallback: true,
      newPassword: { minLength: 10, minClasses: 3, history: 5 },
    })
  })

  it('opens a session with both right, and tells neither the log nor the audit the password', async () => {
    const person = await somebody()
    expect(await attempt(person.signer, { password: good })).toMatchObject({ status: 200 })
    expect(await lastAudit()).toMatchObject({ action: 'sign-in.accepted' })
    expect(JSON.stringify(await gateway.foundation.audit.tail())).not.toContain(good)
  })

  it('asks for the password once the key is proven, and not before', async () => {
    const person = await somebody()
    const thief = await gateway.person(`thief.${count}`)
    expect(await attempt(person.signer)).toEqual({ status: 403, code: 'password-required', facts: {} })
    const stolen = { ...person.signer, privateKeyPem: thief.signer.privateKeyPem }
    for (const more of [{}, { password: good }, { password: 'wrong' }])
      expect(await attempt(stolen, more)).toEqual({ status: 403, code: 'signature-invalid', facts: {} })
    // What was tried without the key counts against nobody.
    for (let i = 0; i < 5; i += 1) await attempt(stolen, { password: 'wrong' })
    expect(await attempt(person.signer, { password: good })).toMatchObject({ status: 200 })
  })

  it('refuses a wrong password, counts it, and says in the audit whose it was', async () => {
    const person = await somebody()
    expect(await attempt(person.signer, { password: other })).toEqual({
      status: 403,
      code: 'password-wrong',
      facts: {},
    })
    expect(await lastAudit()).toMatchObject({
      action: 'sign-in.refused',
      detail: { code: 'password-wrong', factor: 'certificate-and-password', accountId: person.accountId },
    })
    const another = await somebody('hY6%kZp3sF')
    expect(await attempt(another.signer, { password: good })).toMatchObject({ code: 'password-wrong' })
  })

  it('locks out after the limit, with the right password too, and opens again by itself', async () => {
    const person = await somebody()
    for (let i = 0; i < 3; i += 1)
      expect(await attempt(person.signer, { password: other })).toMatchObject({ code: 'password-wrong' })
    expect(await lastAudit()).toMatchObject({ detail: { lockedUntil: clock() + 60_000 } })
    const locked = { status: 403, code: 'locked-out', facts: { retryAt: clock() + 60_000 } }
    expect(await attempt(person.signer, { password: good })).toEqual(locked)
    expect(await attempt(person.signer)).toEqual(locked)
    const elsewhere = freshWorkstation()
    const there = await signIn(gateway.connect(elsewhere.identity), person.signer, elsewhere.id, {
      password: good,
    })
    expect(there.body).toMatchObject({ code: 'locked-out' })
    advance(60_000)
    expect(await attempt(person.signer, { password: other })).toMatchObject({ code: 'password-wrong' })
    expect(await attempt(person.signer)).toMatchObject({ facts: { retryAt: clock() + 120_000 } })
    advance(120_000)
    expect(await attempt(person.signer, { password: good })).toMatchObject({ status: 200 })
  })

  it('looks at no more of 200 parallel guesses than the limit', async () => {
    const person = await somebody()
    const channels = Array.from({ length: 200 }, () => gateway.connect(workstation.identity))
    const answers = await Promise.all(
      channels.map((channel, i) =>
        signIn(channel, person.signer, workstation.id, { password: `guess-${i}` }),
      ),
    )
    for (const channel of channels) channel.close()
    const codes = answers.map(({ body }) => body.code)
    expect(codes.filter((code) => code === 'password-wrong')).toHaveLength(3)
    expect(codes.filter((code) => code === 'locked-out')).toHaveLength(197)
  })

  it('holds off a workstation where many are guessed, and nobody elsewhere', async () => {
    const people = [await somebody(), await somebody(), await somebody(), await somebody()] as const
    for (const person of people.slice(0, 3))
      for (let i = 0; i < 2; i += 1) await attempt(person.signer, { password: other })
    expect(await attempt(people[3].signer, { password: good })).toMatchObject({ code: 'locked-out' })
    workstation = freshWorkstation()
    expect(await attempt(people[3].signer, { password: good })).toMatchObject({ status: 200 })
  })

  it('has an ended password changed on the spot, by the rules', async () => {
    const person = await somebody()
    await pass(30 * day)
    const entered = { password: good }
    expect(await attempt(person.signer, entered)).toMatchObject({
      code: 'password-change-required',
      facts: { why: 'expired' },
    })
    expect(await attempt(person.signer, { ...entered, newPassword: 'Admin@12345' })).toMatchObject({
      code: 'password-unacceptable',
      facts: { why: 'weak' },
    })
    expect(await attempt(person.signer, { ...entered, newPassword: good })).toMatchObject({
      code: 'password-unacceptable',
      facts: { why: 'reused', history: 5 },
    })
    // A wrong one is not told what the new one lacks.
    expect(await attempt(person.signer, { password: other, newPassword: 'weak' })).toMatchObject({
      code: 'password-wrong',
    })
    expect(await attempt(person.signer, { ...entered, newPassword: other })).toMatchObject({ status: 200 })
    expect(
      (await gateway.foundation.audit.tail())
        .map(({ action }) => action)
        // The weeks that the clock was moved by raise alarms, whenever that is looked at.
        .filter((action) => !action.startsWith('alarm.'))
        .slice(0, 2)
        .sort(),
    ).toEqual(['password.changed', 'sign-in.accepted'])
    expect(await attempt(person.signer, { password: good })).toMatchObject({ code: 'password-wrong' })
    expect(await attempt(person.signer, { password: other })).toMatchObject({ status: 200 })
  })

  it('changes no password where the session does not begin', async () => {
    const person = await somebody()
    expect(await attempt(person.signer, { password: good })).toMatchObject({ status: 200 })
    await gateway.credentials.passwords.reset(person.accountId, by).then(async ({ password }) => {
      const elsewhere = freshWorkstation()
      const more = { password, newPassword: other }
      const answer = await signIn(gateway.connect(elsewhere.identity), person.signer, elsewhere.id, more)
      expect(answer.body).toMatchObject({ code: 'session-elsewhere' })
      expect(await gateway.credentials.passwords.verify(person.accountId, other)).toBe(false)
      expect(await gateway.credentials.passwords.verify(person.accountId, password)).toBe(true)
    })
  })

  it('takes a one-time password once, for the change alone, and not past its end', async () => {
    const person = await somebody()
    const { password } = await gateway.credentials.passwords.reset(person.accountId, by)
    expect(await attempt(person.signer, { password })).toMatchObject({
      code: 'password-change-required',
      facts: { why: 'must-change' },
    })
    expect(await attempt(person.signer, { password, newPassword: other })).toMatchObject({ status: 200 })
    expect(await attempt(person.signer, { password })).toMatchObject({ code: 'password-wrong' })
    const late = await gateway.credentials.passwords.reset(person.accountId, by)
    await pass(24 * 3_600_000)
    const ended = { password: late.password, newPassword: 'hY6%kZp3sF' }
    expect(await attempt(person.signer, ended)).toMatchObject({
      code: 'password-not-set',
      facts: { mayChoose: false },
    })
  })

  it('lets who never had one choose it, on the word of the key', async () => {
    const person = await somebody(null)
    expect(await attempt(person.signer, { password: good })).toMatchObject({
      code: 'password-not-set',
      facts: { mayChoose: true },
    })
    expect(await attempt(person.signer, { newPassword: 'Admin@12345' })).toMatchObject({
      code: 'password-unacceptable',
    })
    expect(await attempt(person.signer, { newPassword: good })).toMatchObject({ status: 200 })
    expect(await attempt(person.signer, { newPassword: other })).toMatchObject({ code: 'password-required' })
    expect(await attempt(person.signer, { password: good })).toMatchObject({ status: 200 })
  })

  it('does not sign in an account without a role', async () => {
    const person = await somebody()
    await gateway.foundation.store.db
      .updateTable('accounts')
      .set({ roles: '[]' })
      .where('id', '=', person.accountId)
      .execute()
    expect(await attempt(person.signer, { password: good })).toEqual({
      status: 403,
      code: 'account-not-authorised',
      facts: {},
    })
  })

  it('says when the password ends, from the day of the warning on', async () => {
    const person = await somebody()
    const setAt = clock()
    expect((await attempt(person.signer, { password: good })).session.passwordEndsAt).toBeNull()
    await pass(17 * day)
    expect((await attempt(person.signer, { password: good })).session.passwordEndsAt).toBe(setAt + 30 * day)
  })
})

describe('a one-time binding code', () => {
  async function unbound() {
    count += 1
    workstation = freshWorkstation()
    const key = await gateway.hospital.issue({ commonName: `new.${count}`, keyType: 'P-256' })
    const signer = { ...key, algorithm: 'ECDSA-SHA256' as const }
    const accountId = await gateway.accounts.create(
      { loginName: `new.${count}`, displayName: '新人', roles: ['radiologist'] },
      by,
    )
    const { code } = await gateway.accounts.createBindingCode(accountId, by)
    return { accountId, signer, code }
  }
  const wrong = '0123456789ABCDEFGHJKMNPQRS'

  it('binds a key that nobody knows to its person’s account, and its first password with it', async () => {
    const { accountId, signer, code } = await unbound()
    expect(await attempt(signer)).toMatchObject({ code: 'account-unknown', facts: { mayBind: true } })
    const entered = { bindingCode: code, newPassword: good }
    const answer = await attempt(signer, entered)
    expect(answer).toMatchObject({ status: 200, session: { accountId } })
    expect(await attempt(signer, { password: good })).toMatchObject({ status: 200 })
    const second = await unbound()
    expect(await attempt(second.signer, entered)).toMatchObject({ code: 'binding-code-invalid' })
  })

  it('is asked of nobody whose key is not trusted or not proven', async () => {
    const { signer, code } = await unbound()
    const thief = await gateway.person(`thief.${count}`)
    const stolen = { ...signer, privateKeyPem: thief.signer.privateKeyPem }
    expect(await attempt(stolen, { bindingCode: code })).toMatchObject({ code: 'signature-invalid' })
    expect(await attempt(signer, { bindingCode: code, newPassword: good })).toMatchObject({ status: 200 })
  })

  it('is guessed at no more often than the workstation’s limit', async () => {
    const { signer, code } = await unbound()
    for (let i = 0; i < 6; i += 1)
      expect(await attempt(signer, { bindingCode: wrong })).toMatchObject({ code: 'binding-code-invalid' })
    expect(await attempt(signer, { bindingCode: code })).toMatchObject({ code: 'locked-out' })
  })
})

describe('lock-outs of the real gateway', () => {
  it('survive its restart', async () => {
    const own = movableClock()
    const first = await startGateway({ clock: own.clock, config: { policy } })
    const place = await first.workstation('w')
    const person = await first.person('person')
    const { holders, passwords } = first.credentials
    const change = await passwords.prepareChange(await holders.byId(person.accountId), good)
    await first.foundation.store.transaction((trx) => change(trx, by))
    const enter = (at: TestGateway, password: string) =>
      signIn(at.connect(place.identity), person.signer, place.id, { password })
    for (let i = 0; i < 3; i += 1) await enter(first, other)
    await first.stop()
    const second = await startGateway({
      clock: own.clock,
      resume: { dir: first.dir, hospital: first.hospital },
    })
    expect((await enter(second, good)).body).toMatchObject({ code: 'locked-out' })
    own.advance(60_000)
    expect((await enter(second, good)).status).toBe(200)
    await second.close()
  })
})
