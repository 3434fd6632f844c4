import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Channel } from '../channel.ts'
import { type KeyAndRequest, keyAndRequest, type Signer, signInBody } from '../sign-in-client.ts'
import { type Crowd, openCrowd, password } from './crowd.ts'

/**
 * A gateway of its own process under a crowd: the change of shift, when everybody signs in at once, and somebody who tries
 * everything, from many workstations. Its memory is bounded, every answer is right, and nobody who is good waits for long.
 */
const crowdOf = 500
const failing = 5000
/** 20 sit at each, which is the most that policy allows. */
const desks = crowdOf / 20
/** Verified guesses that the policy allows before the first delay, which lasts longer than this test. */
const guesses = { account: 5, workstation: 15 }
/** Megabytes that the gateway's process may grow by, at its peak. Two argon2 computations take 38 of them. */
const growth = { signIns: 300, failures: 150 }

let crowd: Crowd
let sessionKey: KeyAndRequest
const bystander = crowdOf
const quietDesk = desks
beforeAll(async () => {
  const delay = { firstDelaySeconds: 3600 }
  crowd = await openCrowd({
    people: crowdOf + 1,
    workstations: desks + 1,
    policy: {
      session: { caps: { total: crowdOf + 10, perWorkstation: 20 }, silenceMinutes: 10 },
      lockout: {
        account: { failures: guesses.account, ...delay },
        workstation: { failures: guesses.workstation, ...delay },
      },
    },
  })
  // One session key for all: the certificates differ.
  sessionKey = await keyAndRequest()
}, 60_000)
afterAll(() => crowd?.close(), 20_000)

const deskOf = (i: number) => crowd.workstations[i % desks]!
async function signInOn(channel: Channel, desk: { id: string }, signer: Signer, more = {}): Promise<Answer> {
  const body = await signInBody(channel, signer, desk.id, sessionKey)
  return channel.call('signIn', { body: { ...body, ...more } })
}
const tally = (answers: readonly Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { status, body } of answers) {
    const what = status === 200 ? 'ok' : String(body.code)
    counts[what] = (counts[what] ?? 0) + 1
  }
  return counts
}

describe('a gateway under a crowd', () => {
  it(`takes ${crowdOf} sign-ins at once`, { timeout: 120_000 }, async () => {
    // Connected and known first: what is measured is the sign-ins.
    const channels = crowd.people.slice(0, crowdOf).map((_, i) => crowd.connect(deskOf(i)))
    const before = crowd.memory()
    const began = performance.now()
    const answers = await Promise.all(
      channels.map((channel, i) => signInOn(channel, deskOf(i), crowd.people[i]!.signer)),
    )
    const seconds = (performance.now() - began) / 1000
    expect(tally(answers)).toEqual({ ok: crowdOf })
    expect(new Set(answers.map(({ body }) => body.session.id)).size).toBe(crowdOf)
    expect(answers.map(({ body }) => body.session.accountId)).toEqual(
      crowd.people.slice(0, crowdOf).map(({ accountId }) => accountId),
    )
    for (const channel of channels) channel.close()
    const { peak } = crowd.memory()
    console.log(
      `${crowdOf} sign-ins at once: ${seconds.toFixed(1)} s, ${Math.round(crowdOf / seconds)} a second; ` +
        `memory ${Math.round(before.now)} MB, at its peak ${Math.round(peak)} MB`,
    )
    expect(peak - before.now).toBeLessThan(growth.signIns)
    // Each is a session that works.
    const privateKey = sessionKey.privateKey
    for (const { body } of answers.filter((_, i) => i % 100 === 0)) {
      const channel = crowd.connect({ identity: { certificate: body.certificate, privateKey } })
      expect((await channel.call('session')).body.id).toBe(body.session.id)
      channel.close()
    }
  })

  it(`refuses ${failing} bad ones, each for what it is, while a good one is served`, {
    timeout: 120_000,
  }, async () => {
    await crowd.beside(async ({ policies }) => {
      const { policy, version } = await policies.version()
      const signIn = { ...policy.signIn, factors: 'certificate-and-password' as const }
      const author = { accountId: 'officer', actor: { kind: 'cli', id: 'test' } as const }
      await policies.change({ policy: { ...policy, signIn }, baseVersion: version }, author)
    })
    const good = crowd.connect(crowd.workstations[quietDesk]!)
    await expect
      .poll(async () => (await good.call('status')).body.signIn.password, { timeout: 5000 })
      .toBe(true)
    const stranger = await crowd.key('stranger')

    const kinds = ['password', 'signature', 'certificate', 'fallback'] as const
    type Kind = (typeof kinds)[number]
    const refused: { kind: Kind; person: string; desk: string; code: string; status: number }[] = []
    async function fail(channel: Channel, i: number): Promise<void> {
      const kind = kinds[i % kinds.length]!
      const desk = deskOf(Math.floor(i / kinds.length))
      // Some are guessed at by all the desks, most by few.
      const person = crowd.people[i % 3 === 0 ? i % 60 : i % crowdOf]!
      const wrong = `wrong ${i}`
      const answer = await (async () => {
        switch (kind) {
          case 'password':
            return signInOn(channel, desk, person.signer, { password: wrong, takeOver: true })
          case 'signature': {
            const signer = { ...person.signer, privateKeyPem: stranger.privateKeyPem }
            return signInOn(channel, desk, signer, { password })
          }
          case 'certificate':
            return signInOn(channel, desk, stranger, { password })
          case 'fallback': {
            await channel.call('signInChallenge')
            const { loginName } = person
            const csr = sessionKey.csr.toString('base64')
            return channel.call('signInFallback', {
              body: { csr, loginName, password: wrong, code: '000000' },
            })
          }
        }
      })()
      const { status, body } = answer
      refused.push({ kind, person: person.loginName, desk: desk.name, code: body.code, status })
    }

    const before = crowd.memory()
    let highest = before.now
    const began = performance.now()
    // Each desk tries its own, four at a time, over connections that stay.
    let busy = true
    const attackers = Array.from({ length: desks * 4 }, async (_, worker) => {
      const desk = worker % desks
      const channel = crowd.connect(crowd.workstations[desk]!)
      for (let i = 0; i < failing; i += 1) {
        const mine = Math.floor(i / kinds.length) % desks === desk
        const turn = Math.floor(i / kinds.length / desks) % 4 === Math.floor(worker / desks)
        if (mine && turn) await fail(channel, i)
      }
      channel.close()
    })
    const waits: number[] = []
    const served = (async () => {
      while (busy) {
        const started = performance.now()
        const { signer } = crowd.people[bystander]!
        const answer = await signInOn(good, crowd.workstations[quietDesk]!, signer, { password })
        expect(answer.body.code).toBeUndefined()
        waits.push(performance.now() - started)
        highest = Math.max(highest, crowd.memory().now)
        await new Promise((resolve) => setTimeout(resolve, 250))
      }
    })()
    await Promise.all(attackers)
    const seconds = (performance.now() - began) / 1000
    busy = false
    await served
    good.close()

    expect(refused).toHaveLength(failing)
    expect(new Set(refused.map(({ kind, code, status }) => `${kind}: ${status} ${code}`))).toEqual(
      new Set([
        'password: 403 password-wrong',
        'password: 403 locked-out',
        'signature: 403 signature-invalid',
        'certificate: 403 account-unknown',
        'fallback: 403 credentials-wrong',
        'fallback: 403 locked-out',
      ]),
    )
    // What was looked at of each person and at each desk: never more than the rule, whoever guessed how many at once.
    const looked = refused.filter(({ code }) => code === 'password-wrong' || code === 'credentials-wrong')
    const most = (of: (row: (typeof refused)[number]) => string) =>
      Math.max(...Array.from(Map.groupBy(looked, of).values(), (rows) => rows.length))
    expect(most(({ person }) => person)).toBeLessThanOrEqual(guesses.account)
    expect(most(({ desk }) => desk)).toBe(guesses.workstation)
    expect(looked.length).toBeLessThanOrEqual(desks * guesses.workstation)

    waits.sort((a, b) => a - b)
    const slowest = Math.round(waits.at(-1) ?? 0)
    console.log(
      `${failing} refusals: ${seconds.toFixed(1)} s, ${Math.round(failing / seconds)} a second, ` +
        `${looked.length} guesses looked at; memory ${Math.round(before.now)} MB, at most ${Math.round(highest)} MB; ` +
        `${waits.length} good sign-ins meanwhile, the slowest in ${slowest} ms`,
    )
    expect(highest - before.now).toBeLessThan(growth.failures)
    expect(waits.length).toBeGreaterThan(3)
    expect(slowest).toBeLessThan(25_000)
  })

  it('has each of them in an audit that is whole, and nobody signed out', { timeout: 60_000 }, async () => {
    await crowd.beside(async ({ store, audit }) => {
      const count = async (action: string) => {
        const { n } = await store.db
          .selectFrom('audit')
          .select((eb) => eb.fn.countAll().as('n'))
          .where('action', '=', action)
          .executeTakeFirstOrThrow()
        return Number(n)
      }
      expect(await count('sign-in.refused')).toBe(failing)
      expect(await count('sign-in.accepted')).toBeGreaterThan(crowdOf)
      expect((await audit.verify()).faults).toEqual([])
      const live = await store.db.selectFrom('sessions').select('id').where('state', '!=', 'ended').execute()
      expect(live).toHaveLength(crowdOf + 1)
    })
  })
})
