import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SecurityPolicyInput } from '../../../../src/shared/policy/index.ts'
import { signInFallback, totpCode, unlockFallback } from '../../fallback-client.ts'
import {
  movableClock,
  startGateway,
  type TestGateway,
  type TestPerson,
  type TestSession,
  type TestWorkstation,
} from '../../gateway-harness.ts'
import { keyAndRequest, signIn } from '../../sign-in-client.ts'

const by = { kind: 'cli', id: 'test' } as const
const hour = 3_600_000
const step = 30_000
const password = 'mQ7#tLx2vB'
const wrong = { status: 403, code: 'credentials-wrong', facts: {} }
const policy: SecurityPolicyInput = {
  signIn: { fallbackLongestHours: 12 },
  lockout: { account: { failures: 4 }, workstation: { failures: 20 } },
}

const { clock, advance } = movableClock()
let gateway: TestGateway
let officer: TestSession
let officerPerson: TestPerson
let auditor: TestSession
beforeAll(async () => {
  gateway = await startGateway({ clock, config: { policy } })
  const desk = await gateway.workstation('desk')
  officerPerson = await gateway.person('officer', { roles: ['security-officer'] })
  officer = await gateway.session(desk, officerPerson)
  auditor = await gateway.session(desk, await gateway.person('auditor', { roles: ['auditor'] }))
})
afterAll(() => gateway.close())

let count = 0
/** A person with a password, at a workstation of their own, and what they type in the place of their key. */
async function somebody() {
  count += 1
  const loginName = `person.${count}`
  const workstation = await gateway.workstation(`w-${count}`)
  const person = await gateway.person(loginName)
  const { holders, passwords } = gateway.credentials
  const change = await passwords.prepareChange(await holders.byId(person.accountId), password)
  await gateway.foundation.store.transaction((trx) => change(trx, by))
  return { ...person, loginName, workstation }
}
type Somebody = Awaited<ReturnType<typeof somebody>>

async function granted(hours = 4) {
  const person = await somebody()
  const answer = await grant(person, hours)
  const { secret } = answer.body.totp as { secret: string }
  return { ...person, secret, endsAt: answer.body.endsAt as number }
}
const grant = (person: { accountId: string }, hours = 4, session = officer, newTotp = false) =>
  session.channel.call('grantFallback', {
    params: { id: person.accountId },
    body: { hours, reason: '钥匙遗失', newTotp },
  })
const entryOf = (person: Somebody & { secret: string }) => ({
  loginName: person.loginName,
  password,
  code: totpCode(person.secret, clock()),
})
async function attempt(workstation: TestWorkstation, entry: Parameters<typeof signInFallback>[1]) {
  const channel = gateway.connect(workstation.identity)
  const answer = await signInFallback(channel, entry)
  channel.close()
  return { status: answer.status, ...answer.body, identity: answer.identity }
}
const refusal = async (workstation: TestWorkstation, entry: Parameters<typeof signInFallback>[1]) => {
  const { identity: _, ...rest } = await attempt(workstation, entry)
  return rest
}
const lastAudit = async () => (await gateway.foundation.audit.tail())[0]

describe('a sign-in without a key', () => {
  it('opens a session under a grant, which cannot sign reports for want of a key', async () => {
    const person = await granted()
    const answer = await attempt(person.workstation, entryOf(person))
    expect(answer).toMatchObject({
      status: 200,
      session: { accountId: person.accountId, factor: 'fallback' },
    })
    // A session certificate for no longer than the grant.
    expect(answer.session.expiresAt).toBeLessThanOrEqual(person.endsAt)
    const own = await gateway.connect(answer.identity).call('session')
    expect(own.body).toMatchObject({ id: answer.session.id, factor: 'fallback' })
    const actions = (await gateway.foundation.audit.tail()).slice(0, 2)
    expect(actions.find(({ action }) => action === 'sign-in.accepted')?.detail).toMatchObject({
      factor: 'fallback',
    })
  })

  it('goes beside the key, which signs in meanwhile as ever', async () => {
    const person = await granted()
    const { workstation, signer } = person
    const answer = await signIn(gateway.connect(workstation.identity), signer, workstation.id)
    expect(answer.body.session).toMatchObject({ factor: 'certificate' })
    expect((await attempt(workstation, entryOf(person))).session).toMatchObject({ factor: 'fallback' })
  })

  it('is refused alike for whatever is missing or wrong, and the audit knows what', async () => {
    const person = await granted()
    const entry = entryOf(person)
    const code = entry.code === '000000' ? '111111' : '000000'
    const without = await somebody()
    const cases = [
      ['account-unknown', { ...entry, loginName: 'nobody.here' }],
      ['no-grant', { ...entry, loginName: without.loginName }],
      ['password-wrong', { ...entry, password: 'gT4!nWc8rD' }],
      ['totp-code-wrong', { ...entry, code }],
    ] as const
    for (const [why, typed] of cases) {
      expect(await refusal(person.workstation, typed)).toEqual(wrong)
      const row = await lastAudit()
      expect(row).toMatchObject({ action: 'sign-in.refused', detail: { code: 'credentials-wrong', why } })
      expect(row?.detail.factor).toBe('fallback')
      expect(row?.detail.accountId).toBe(
        why === 'account-unknown' ? undefined : why === 'no-grant' ? without.accountId : person.accountId,
      )
    }
    // Disabled, without a role, without a password: the same.
    const { db } = gateway.foundation.store
    const account = db.updateTable('accounts').where('id', '=', person.accountId)
    await account.set({ roles: '[]' }).execute()
    expect(await refusal(person.workstation, entry)).toEqual(wrong)
    expect((await lastAudit())?.detail.why).toBe('account-not-authorised')
    await gateway.credentials.lockouts.attempt(
      {
        loginIndex: gateway.credentials.holders.loginIndexOf(person.loginName),
        workstationId: person.workstation.id,
      },
      async () => true,
    )
    await account.set({ disabled: 1 }).execute()
    expect(await refusal(person.workstation, entry)).toEqual(wrong)
    expect((await lastAudit())?.detail.why).toBe('account-disabled')
  })

  it('locks out by the name that was typed, whether anybody has it or not', async () => {
    const person = await granted()
    for (const loginName of [person.loginName, 'nobody.at.all']) {
      const { workstation } = await somebody()
      const entry = { ...entryOf(person), loginName, password: 'gT4!nWc8rD' }
      for (let i = 0; i < 4; i += 1) expect(await refusal(workstation, entry)).toEqual(wrong)
      const right = { ...entry, password }
      expect(await refusal(workstation, right)).toEqual({
        status: 403,
        code: 'locked-out',
        facts: { retryAt: clock() + 60_000 },
      })
    }
  })

  it('looks at no more of 200 parallel guesses than the limit', async () => {
    const person = await granted()
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        attempt(person.workstation, { ...entryOf(person), password: `guess number ${i}` }),
      ),
    )
    expect(answers.filter(({ code }) => code === 'credentials-wrong')).toHaveLength(4)
    expect(answers.filter(({ code }) => code === 'locked-out')).toHaveLength(196)
  })

  it('takes as long for an unknown person as for a wrong password', async () => {
    const own = await startGateway({
      config: { policy: { lockout: { account: { failures: 20 }, workstation: { failures: 20 } } } },
    })
    try {
      const times = { known: [] as number[], unknown: [] as number[] }
      const accountId = (await own.person('known.person')).accountId
      const holder = await own.credentials.holders.byId(accountId)
      const change = await own.credentials.passwords.prepareChange(holder, password)
      await own.foundation.store.transaction((trx) => change(trx, by))
      await own.credentials.fallback.grant(holder, { hours: 1, reason: 'x' }, { accountId: '', actor: by })
      for (let i = 0; i < 15; i += 1) {
        const channel = own.connect((await own.workstation(`t-${i}`)).identity)
        for (const [kind, loginName] of [
          ['unknown', `unknown.person.${i}`],
          ['known', 'known.person'],
        ] as const) {
          const key = await keyAndRequest()
          await channel.call('signInChallenge')
          const started = performance.now()
          const answer = await channel.call('signInFallback', {
            body: { csr: key.csr.toString('base64'), loginName, password: 'wrong one', code: '123456' },
          })
          times[kind].push(performance.now() - started)
          expect(answer.body.code).toBe('credentials-wrong')
        }
      }
      const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0
      const [known, unknown] = [median(times.known), median(times.unknown)]
      // One argon2 verification each; to leave it out would be several times as fast.
      expect(unknown / known).toBeGreaterThan(0.6)
      expect(unknown / known).toBeLessThan(1.67)
    } finally {
      await own.close()
    }
  })

  it('takes a code once: not on another connection, not at another workstation, not in parallel', async () => {
    const person = await granted()
    const entry = entryOf(person)
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => attempt(person.workstation, { ...entry, takeOver: true })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ code }) => code === 'credentials-wrong')).toHaveLength(3)
    const { workstation } = await somebody()
    expect(await refusal(workstation, { ...entry, takeOver: true })).toEqual(wrong)
    advance(step)
    expect(await refusal(workstation, { ...entryOf(person), takeOver: true })).toMatchObject({ status: 200 })
  })

  it('is worth nothing a second time as a recorded request, with or without a challenge', async () => {
    const person = await granted()
    const key = await keyAndRequest()
    const body = { csr: key.csr.toString('base64'), ...entryOf(person) }
    const channel = gateway.connect(person.workstation.identity)
    expect((await channel.call('signInFallback', { body })).body.code).toBe('challenge-invalid')
    await channel.call('signInChallenge')
    const other = gateway.connect(person.workstation.identity)
    // The challenge is the socket's.
    expect((await other.call('signInFallback', { body })).body.code).toBe('challenge-invalid')
    expect((await channel.call('signInFallback', { body })).status).toBe(200)
    expect((await channel.call('signInFallback', { body })).body.code).toBe('challenge-invalid')
    await channel.call('signInChallenge')
    expect((await channel.call('signInFallback', { body })).body.code).toBe('credentials-wrong')
  })

  it('keeps a code that opened nothing for the second try', async () => {
    const person = await granted()
    const { password: oneTime } = await gateway.credentials.passwords.reset(person.accountId, by)
    const entry = { ...entryOf(person), password: oneTime }
    expect(await refusal(person.workstation, entry)).toMatchObject({
      code: 'password-change-required',
      facts: { why: 'must-change' },
    })
    expect(await refusal(person.workstation, { ...entry, newPassword: 'Admin@12345' })).toMatchObject({
      code: 'password-unacceptable',
    })
    const newPassword = 'gT4!nWc8rD'
    expect(await refusal(person.workstation, { ...entry, newPassword })).toMatchObject({ status: 200 })
    advance(step)
    const { workstation } = await somebody()
    const elsewhere = { ...entryOf(person), password: newPassword }
    expect(await refusal(workstation, elsewhere)).toMatchObject({ code: 'session-elsewhere' })
    expect(await refusal(workstation, { ...elsewhere, takeOver: true })).toMatchObject({ status: 200 })
  })
})

describe('a session without a key', () => {
  const locked = async (person: Awaited<ReturnType<typeof granted>>) => {
    const { identity, session } = await attempt(person.workstation, entryOf(person))
    const channel = gateway.connect(identity)
    await channel.call('lock')
    advance(step)
    return { channel, sessionId: session.id as string }
  }

  it('is unlocked by password and a new code, over its own challenge', async () => {
    const person = await granted()
    const { channel } = await locked(person)
    const entry = { password, code: totpCode(person.secret, clock()) }
    expect((await channel.call('unlockFallback', { body: entry })).body.code).toBe('challenge-invalid')
    expect((await unlockFallback(channel, { ...entry, password: 'gT4!nWc8rD' })).body).toEqual({
      code: 'credentials-wrong',
      facts: {},
    })
    expect(await lastAudit()).toMatchObject({
      action: 'session.unlock-refused',
      detail: { why: 'password-wrong', accountId: person.accountId, factor: 'fallback' },
    })
    const used = { password, code: totpCode(person.secret, clock() - step) }
    expect((await unlockFallback(channel, used)).body.code).toBe('credentials-wrong')
    expect((await unlockFallback(channel, entry)).body).toMatchObject({ state: 'active' })
    await channel.call('lock')
    expect((await unlockFallback(channel, entry)).body.code).toBe('credentials-wrong')
  })

  it('is the only one that is unlocked so', async () => {
    const person = await granted()
    const session = await gateway.session(person.workstation, person)
    await session.channel.call('lock')
    const entry = { password, code: totpCode(person.secret, clock()) }
    expect((await unlockFallback(session.channel, entry)).body.code).toBe('permission-denied')
  })

  it('ends at once with its grant, and says why', async () => {
    const person = await granted()
    const { identity } = await attempt(person.workstation, entryOf(person))
    const channel = gateway.connect(identity)
    expect((await channel.call('session')).status).toBe(200)
    const end = { params: { id: person.accountId }, body: { reason: '钥匙找到了' } }
    expect((await officer.channel.call('endFallback', end)).status).toBe(200)
    const again = gateway.connect(identity)
    expect((await again.call('session')).body).toMatchObject({
      code: 'session-ended',
      facts: { reason: 'fallback-over' },
    })
    expect(await refusal(person.workstation, entryOf(person))).toEqual(wrong)
    expect((await officer.channel.call('endFallback', end)).body).toMatchObject({ code: 'not-found' })
  })

  it('ends when the time of its grant is over', async () => {
    const own = movableClock()
    const other = await startGateway({ clock: own.clock, config: { policy } })
    try {
      const workstation = await other.workstation('w')
      const { accountId } = await other.person('person')
      const holder = await other.credentials.holders.byId(accountId)
      const change = await other.credentials.passwords.prepareChange(holder, password)
      await other.foundation.store.transaction((trx) => change(trx, by))
      const { totp, endsAt } = await other.credentials.fallback.grant(
        holder,
        { hours: 1, reason: 'x' },
        { accountId: '', actor: by },
      )
      const code = totpCode(totp?.secret ?? '', own.clock())
      const answer = await signInFallback(other.connect(workstation.identity), {
        loginName: 'person',
        password,
        code,
      })
      expect(answer.body.session.expiresAt).toBeLessThanOrEqual(endsAt)
      own.advance(hour)
      const ended = await other.connect(answer.identity).call('session')
      expect(ended.body.code).toBe('session-ended')
    } finally {
      await other.close()
    }
  })
})

describe('the leave to sign in without a key', () => {
  it('comes with a TOTP secret where the person has none, shown once', async () => {
    const person = await somebody()
    const first = await grant(person)
    expect(first.body.totp.uri).toContain('otpauth://totp/')
    expect((await grant(person)).body.totp).not.toBeNull()
    const again = await grant(person)
    const { secret } = again.body.totp
    expect(await refusal(person.workstation, entryOf({ ...person, secret }))).toMatchObject({ status: 200 })
    expect((await grant(person)).body.totp).toBeNull()
    // A further grant takes the place of the one before, and of the session that stood on it.
    const standing = await gateway.foundation.store.db
      .selectFrom('sessions')
      .select('end_reason')
      .where('account_id', '=', person.accountId)
      .execute()
    expect(standing).toEqual([{ end_reason: 'fallback-over' }])
  })

  it('is given for no longer than the policy says, to somebody else, by a security officer', async () => {
    const person = await somebody()
    expect((await grant(person, 13)).body).toMatchObject({
      code: 'bad-request',
      facts: { field: 'hours', most: 12 },
    })
    expect((await grant(officerPerson)).body).toMatchObject({ code: 'own-account' })
    expect((await grant({ accountId: crypto.randomUUID() })).body).toMatchObject({ code: 'not-found' })
    const clinical = await gateway.session(person.workstation, person)
    for (const session of [clinical, auditor])
      expect((await grant(person, 4, session)).body).toMatchObject({ code: 'permission-denied' })
  })

  it('is seen by the auditor and the officer, with who, why, how long and how often', async () => {
    const person = await granted(2)
    await attempt(person.workstation, entryOf(person))
    for (const session of [auditor, officer]) {
      const rows: { person: string }[] = (await session.channel.call('fallbackGrants')).body
      expect(rows.find((row) => row.person === `姓名 ${person.loginName}`)).toMatchObject({
        grantedBy: '姓名 officer',
        reason: '钥匙遗失',
        endsAt: person.endsAt,
        endedAt: null,
        signIns: 1,
      })
    }
    const clinical = await gateway.session(person.workstation, person, { takeOver: true })
    expect((await clinical.channel.call('fallbackGrants')).body.code).toBe('permission-denied')
    const row = (await gateway.foundation.audit.tail(undefined, ['fallback.granted']))[0]
    expect(row?.detail).toMatchObject({ reason: '钥匙遗失', endsAt: person.endsAt })
    const stored = await gateway.foundation.store.db.selectFrom('fallback_grants').selectAll().execute()
    expect(JSON.stringify(stored)).not.toContain('钥匙')
  })

  it('is not lengthened by a clock that is set back', async () => {
    const person = await granted(1)
    advance(-2 * hour)
    expect(await gateway.credentials.fallback.standing(person.accountId)).toBeNull()
    advance(2 * hour)
    expect(await gateway.credentials.fallback.standing(person.accountId)).not.toBeNull()
    advance(hour)
    expect(await gateway.credentials.fallback.standing(person.accountId)).toBeNull()
    advance(-hour)
  })

  it('brings a new secret where the authenticator is lost too, and voids the one that is', async () => {
    const person = await granted()
    const first = await attempt(person.workstation, entryOf(person))
    expect(first.status).toBe(200)
    expect((await grant(person)).body.totp).toBe(null)
    const { secret } = (await grant(person, 4, officer, true)).body.totp
    expect(secret).not.toBe(person.secret)
    advance(60_000)
    expect(await refusal(person.workstation, entryOf(person))).toMatchObject({ code: 'credentials-wrong' })
    expect(await attempt(person.workstation, entryOf({ ...person, secret }))).toMatchObject({ status: 200 })
    const [row] = await gateway.foundation.audit.tail(undefined, ['fallback.granted'])
    expect(row?.detail).toMatchObject({ totpIssued: true, totpReplaced: true })
  })

  it('is worth nothing once the policy has none', async () => {
    const person = await granted()
    const entry = entryOf(person)
    const { policy: before, version } = await gateway.foundation.policies.version()
    const author = { accountId: officerPerson.accountId, actor: by }
    const signInRules = { ...before.signIn, fallbackAllowed: false }
    await gateway.foundation.policies.change(
      { policy: { ...before, signIn: signInRules }, baseVersion: version },
      author,
    )
    expect((await gateway.connect(person.workstation.identity).call('status')).body.signIn).toMatchObject({
      password: false,
      fallback: false,
    })
    expect(await refusal(person.workstation, entry)).toMatchObject({ code: 'permission-denied' })
    expect((await grant(person)).body).toMatchObject({ code: 'permission-denied' })
    await gateway.foundation.policies.change({ policy: before, baseVersion: version + 1 }, author)
    expect(await refusal(person.workstation, entry)).toMatchObject({ status: 200 })
  })
})
