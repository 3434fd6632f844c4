import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCredentials } from '../../src/server/identity/index.ts'
import type { SecurityPolicyInput } from '../../src/shared/policy/index.ts'
import { signInFallback, totpCode, unlockFallback } from '../server/fallback-client.ts'
import { keyAndRequest, signIn } from '../server/sign-in-client.ts'
import { type ComposedGateway, composeGateway, type Person, type Workstation } from './composed-gateway.ts'

/** Somebody with a workstation of the hospital's who guesses at passwords and codes, by every way that leads to them. */
const by = { kind: 'cli', id: 'test' } as const
const password = 'mQ7#tLx2vB'
const wrong = 'gT4!nWc8rD'
/** The delay outlasts the test: what gets in past it got in past the rule. */
const lockout = { failures: 5, firstDelaySeconds: 3600 }
const startingPolicy: SecurityPolicyInput = {
  session: { caps: { perWorkstation: 20 } },
  lockout: { account: lockout, workstation: { ...lockout, failures: 20 } },
}

let gateway: ComposedGateway
beforeAll(async () => {
  gateway = await composeGateway({ config: { startingPolicy } })
})
afterAll(() => gateway.remove())

let count = 0
/** Who may sign in without their key, at a workstation of their own. */
async function granted(): Promise<Person & { secret: string; at: Workstation }> {
  count += 1
  const person = await gateway.addPerson(`guessed.at.${count}`, `被猜者${count}`, ['radiologist'])
  const at = await gateway.addWorkstation(`desk ${count}`)
  const secret = await gateway.beside(async (foundation) => {
    const { holders, passwords, fallback } = createCredentials(foundation, { endSession: async () => {} })
    const holder = await holders.byId(person.accountId)
    const change = await passwords.prepareChange(holder, password)
    await foundation.store.transaction((trx) => change(trx, by))
    const grant = { hours: 1, reason: 'lost', newTotp: false }
    const { totp } = await fallback.grant(holder, grant, { accountId: '', actor: by })
    return totp?.secret ?? ''
  })
  return { ...person, secret, at }
}

const guess = async (at: Workstation, entry: { loginName: string; password?: string; code: string }) => {
  const channel = gateway.connect(at.identity)
  const answer = await signInFallback(channel, { password: wrong, ...entry })
  channel.close()
  return answer.status === 200 ? 'in' : String(answer.body.code)
}
const fullwidth = (text: string) =>
  text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))

describe('no more guesses are had', () => {
  it('by writing the name in another way', async () => {
    const { loginName, at, secret } = await granted()
    const code = totpCode(secret, Date.now())
    const spellings = [
      loginName.toUpperCase(),
      ` ${loginName}`,
      `${loginName}\t`,
      fullwidth(loginName),
      fullwidth(loginName.toUpperCase()),
    ]
    for (const spelling of spellings)
      expect(await guess(at, { loginName: spelling, code })).toBe('credentials-wrong')
    for (const spelling of [loginName, ...spellings])
      expect(await guess(at, { loginName: spelling, code, password })).toBe('locked-out')
    // What is no name at all is no guess either.
    for (const spelling of [
      `${loginName}\u200b`,
      `${loginName}\u0000`,
      `а${loginName.slice(1)}`,
      `${loginName}#`,
    ])
      expect(await guess(at, { loginName: spelling, code })).toBe('bad-request')
  })

  it('from other workstations, or by a restart', async () => {
    const { loginName, at, secret } = await granted()
    const others = [at, await gateway.addWorkstation('a second'), await gateway.addWorkstation('a third')]
    const code = totpCode(secret, Date.now())
    const answers: string[] = []
    for (let i = 0; i < 5; i += 1) answers.push(await guess(others[i % 3]!, { loginName, code }))
    expect(answers).toEqual(Array(5).fill('credentials-wrong'))
    for (const place of others) expect(await guess(place, { loginName, code, password })).toBe('locked-out')
    await gateway.restart()
    for (const place of others) expect(await guess(place, { loginName, code, password })).toBe('locked-out')
  })

  it('at once from many workstations over many connections', async () => {
    const { loginName, at, secret } = await granted()
    const places = [at, await gateway.addWorkstation('a fourth'), await gateway.addWorkstation('a fifth')]
    const code = totpCode(secret, Date.now())
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        guess(places[i % 3]!, { loginName, code, password: `guess ${i}` }),
      ),
    )
    expect(answers.filter((answer) => answer === 'credentials-wrong')).toHaveLength(5)
    expect(answers.filter((answer) => answer === 'locked-out')).toHaveLength(55)
  })

  it('at the code, by who knows the password', async () => {
    const { loginName, at, secret } = await granted()
    const right = Number(totpCode(secret, Date.now()))
    const codes = Array.from({ length: 40 }, (_, i) => String((right + 7 + i) % 1_000_000).padStart(6, '0'))
    const answers = await Promise.all(codes.map((code) => guess(at, { loginName, code, password })))
    expect(answers.filter((answer) => answer === 'credentials-wrong')).toHaveLength(5)
    expect(answers.filter((answer) => answer === 'locked-out')).toHaveLength(35)
  })

  it('by going from one way in to the next: sign-in, unlock, change of password, a new code', async () => {
    const person = await granted()
    const { loginName, at, secret } = person
    const entered = await signInFallback(gateway.connect(at.identity), {
      loginName,
      password,
      code: totpCode(secret, Date.now()),
    })
    expect(entered.status).toBe(200)
    const own = gateway.connect(entered.identity)
    const change = { password: wrong, newPassword: 'hY6%kZp3sF' }
    expect((await own.call('changePassword', { body: change })).body.code).toBe('password-wrong')
    expect((await own.call('beginTotp', { body: { password: wrong } })).body.code).toBe('password-wrong')
    expect((await own.call('confirmTotp', { body: { code: '000000' } })).body.code).toBe('totp-code-wrong')
    await own.call('lock')
    expect((await unlockFallback(own, { password: wrong, code: '000000' })).body.code).toBe(
      'credentials-wrong',
    )
    const elsewhere = await gateway.addWorkstation('elsewhere')
    expect(await guess(elsewhere, { loginName, code: '000000' })).toBe('credentials-wrong')
    // That was the fifth. Each way is closed, to what is right as well.
    const code = totpCode(secret, Date.now() + 30_000)
    expect(await guess(elsewhere, { loginName, code, password })).toBe('locked-out')
    expect((await unlockFallback(own, { password, code })).body.code).toBe('locked-out')
    // The key is not held off: where it alone is asked for, no password was guessed at.
    const key = await signIn(gateway.connect(at.identity), person.signer, at.id)
    expect(key.status).toBe(200)
    const again = gateway.connect(key.identity)
    expect((await again.call('changePassword', { body: { ...change, password } })).body.code).toBe(
      'locked-out',
    )
    expect((await again.call('beginTotp', { body: { password } })).body.code).toBe('locked-out')
  })

  it('by saying one thing twice', async () => {
    const { loginName, at, secret } = await granted()
    const key = await keyAndRequest()
    const channel = gateway.connect(at.identity)
    const code = totpCode(secret, Date.now())
    const fields = { csr: key.csr.toString('base64'), loginName, code }
    const send = async (raw: string) => {
      await channel.call('signInChallenge')
      return (await channel.call('signInFallback', { raw })).body.code
    }
    // The last of two keys counts, for the lock-out as for the check; a list of passwords is none.
    const twice = JSON.stringify(fields).replace('{', `{"loginName":"somebody.else","password":"${wrong}",`)
    for (let i = 0; i < 5; i += 1) expect(await send(twice)).toBe('credentials-wrong')
    expect(await guess(at, { loginName, code, password })).toBe('locked-out')
    expect(await send(JSON.stringify({ ...fields, password: [wrong, password] }))).toBe('bad-request')
    expect(await send(JSON.stringify({ ...fields, password, code: [code] }))).toBe('bad-request')
  })
})

describe('a code', () => {
  it('that many come with at once, from several workstations, lets one in', async () => {
    const { loginName, at, secret, accountId } = await granted()
    const places = [at, await gateway.addWorkstation('racer 1'), await gateway.addWorkstation('racer 2')]
    const entry = { loginName, password, code: totpCode(secret, Date.now()), takeOver: true }
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, i) => signInFallback(gateway.connect(places[i % 3]!.identity), entry)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403])
    const live = gateway.tamper((database) =>
      database
        .prepare(`select count(*) from sessions where account_id = ? and state != 'ended'`)
        .pluck()
        .get(accountId),
    )
    expect(live).toBe(1)
  })

  it('of another person’s authenticator opens nothing', async () => {
    const [one, another] = [await granted(), await granted()]
    const code = totpCode(another.secret, Date.now())
    expect(await guess(one.at, { loginName: one.loginName, password, code })).toBe('credentials-wrong')
    // And is still good where it belongs.
    expect(await guess(another.at, { loginName: another.loginName, password, code })).toBe('in')
  })
})

it('all of it is in the audit with its true reason, and its chain is whole', async () => {
  const { faults, whys } = await gateway.beside(async ({ audit }) => ({
    faults: (await audit.verify()).faults,
    whys: (await audit.tail(undefined, ['sign-in.refused'])).map(({ detail }) =>
      String(detail.why ?? detail.code),
    ),
  }))
  expect(faults).toEqual([])
  expect(new Set(whys)).toEqual(
    new Set(
      ['password-wrong', 'totp-code-wrong', 'totp-code-used', 'locked-out', 'account-unknown'].filter((why) =>
        whys.includes(why),
      ),
    ),
  )
  for (const why of ['password-wrong', 'totp-code-wrong', 'locked-out']) expect(whys).toContain(why)
})
