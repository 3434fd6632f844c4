import { expect } from 'vitest'
import type { UserCertificateRequest } from '../../../demo/hospital-ca.ts'
import type { Role } from '../../../src/shared/access/index.ts'
import type { ErrorCode, ErrorFacts } from '../../../src/shared/errors/index.ts'
import type { SecurityPolicy } from '../../../src/shared/policy/index.ts'
import type { Answer, Channel, ClientIdentity } from '../channel.ts'
import { type FallbackEntry, signInFallback, totpCode } from '../fallback-client.ts'
import {
  movableClock,
  startGateway,
  type TestGateway,
  type TestPerson,
  type TestSession,
  type TestWorkstation,
} from '../gateway-harness.ts'
import { type Signer, signIn } from '../sign-in-client.ts'

export const by = { kind: 'cli', id: 'test' } as const
export const password = 'mQ7#tLx2vB'
export const other = 'gT4!nWc8rD'
export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

export interface Reader extends TestPerson {
  loginName: string
  serialNumber: string
  fingerprint: string
}

/** The statuses that are not 403, written down a second time. */
const statuses: Partial<Record<ErrorCode, number>> = {
  'revocation-unknown': 503,
  'password-unacceptable': 422,
  'session-cap': 409,
  'session-elsewhere': 409,
  conflict: 409,
  'session-ended': 401,
}

type Outcome = Answer & { identity?: ClientIdentity }

/** What a row of the matrix sets up: one attempt, and what is to be seen of it. */
export interface Attempt {
  act(): Promise<Outcome>
  /** Of a refusal, in the answer; empty where nothing is named. */
  facts?: ErrorFacts
  /** In the detail of its audit row, beside the code: the true reason above all. */
  audited?: Record<string, unknown>
  /** Of an accepted one: whose session it is. */
  whose?: string
  /** Looked at once the answer is there. */
  afterwards?(answer: Outcome): Promise<void>
}

/** One row of the matrix: factor × state, and the answer. Without a code it is accepted. */
export interface Row {
  name: string
  code?: ErrorCode
  status?: number
  /** The action of its audit row, where it is not the usual one. */
  action?: string
  given(stage: Stage): Promise<Attempt>
}

/** A gateway of the product's own composition, with a workstation and people of its own for each row. */
export async function openStage() {
  // Behind the real time, which TLS looks at: what the gateway issues is valid there though the clock is moved.
  const { clock, advance } = movableClock(Date.now() - hour)
  const gateway = await startGateway({ clock, config: { identity: { ocspTimeoutSeconds: 0.2 } } })
  const { policies, store } = gateway.foundation
  const { holders, passwords, fallback, totps } = gateway.credentials
  const usual = policies.current()
  let count = 0
  let place: TestWorkstation
  const next = () => {
    count += 1
    return count
  }

  async function policy(change: (policy: SecurityPolicy) => void): Promise<void> {
    const { version, policy: before } = await policies.version()
    const changed = structuredClone(before)
    change(changed)
    await policies.change({ policy: changed, baseVersion: version }, { accountId: 'officer', actor: by })
  }

  const stage = {
    gateway,
    clock,
    advance,
    policy,
    /** This row's. */
    get place() {
      return place
    },
    workstation: (): Promise<TestWorkstation> => gateway.workstation(`阅片 ${next()}`),
    async person(
      more: { roles?: Role[]; certificate?: Partial<UserCertificateRequest> } & Parameters<
        TestGateway['person']
      >[1] = {},
    ): Promise<Reader> {
      const loginName = `reader.${next()}`
      return { ...(await gateway.person(loginName, more)), loginName }
    },
    /** A person whose password is in force, in policies that ask for one. */
    async withPassword(more: Parameters<TestGateway['person']>[1] = {}): Promise<Reader> {
      await policy((rules) => {
        rules.signIn.factors = 'certificate-and-password'
      })
      const person = await stage.person(more)
      await stage.setPassword(person, password)
      return person
    },
    async setPassword(person: Reader, chosen: string): Promise<void> {
      const change = await passwords.prepareChange(await holders.byId(person.accountId), chosen)
      await store.transaction((trx) => change(trx, by))
    },
    /** A person who may stand in for their key by password and code. */
    async withGrant(): Promise<Reader & { secret: string; entry: FallbackEntry }> {
      const person = await stage.person()
      await stage.setPassword(person, password)
      const holder = await holders.byId(person.accountId)
      const { totp } = await fallback.grant(
        holder,
        { hours: 1, reason: '钥匙遗失' },
        { accountId: '', actor: by },
      )
      const secret = totp?.secret ?? ''
      const entry = { loginName: person.loginName, password, code: totpCode(secret, clock()) }
      return { ...person, secret, entry }
    },
    /** A TOTP secret without any grant. */
    async totp(person: Reader): Promise<string> {
      const holder = await holders.byId(person.accountId)
      return (await store.db.transaction().execute((trx) => totps.issue(trx, holder))).secret
    },
    enter: (person: { signer: Signer }, more: object = {}, at: TestWorkstation = place): Promise<Outcome> =>
      once(gateway.connect(at.identity), (channel) => signIn(channel, person.signer, at.id, { ...more })),
    enterFallback: (entry: FallbackEntry, at: TestWorkstation = place): Promise<Outcome> =>
      once(gateway.connect(at.identity), (channel) => signInFallback(channel, entry)),
    session: (person: TestPerson, at: TestWorkstation = place, more: object = {}): Promise<TestSession> =>
      gateway.session(at, person, more),
    sessionRow: (id: string) =>
      store.db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    set: (accountId: string, values: { disabled?: number; roles?: string; emergency?: number }) =>
      store.db.updateTable('accounts').set(values).where('id', '=', accountId).execute(),
  }

  const live = () =>
    store.db
      .selectFrom('sessions')
      .select(['id', 'account_id', 'state'])
      .where('state', '!=', 'ended')
      .orderBy('id')
      .execute()
  const newestSeq = async () => (await gateway.foundation.audit.tail())[0]?.seq ?? 0

  async function expectRefused(
    row: Row & { code: ErrorCode },
    attempt: Attempt,
    answer: Outcome,
    since: number,
  ) {
    expect({ status: answer.status, ...answer.body }).toEqual({
      status: row.status ?? statuses[row.code] ?? 403,
      code: row.code,
      facts: attempt.facts ?? {},
    })
    const refusals = (await gateway.foundation.audit.tail()).filter(
      ({ seq, outcome }) => seq > since && outcome === 'refused',
    )
    expect(refusals).toHaveLength(1)
    expect(refusals[0]).toMatchObject({
      action: row.action ?? 'sign-in.refused',
      detail: { code: row.code, ...attempt.audited },
    })
    // Who or what it came from, or which session's certificate it showed; and from where.
    expect(`${refusals[0]?.actor} ${refusals[0]?.object}`).toMatch(/^(workstation|account):[^ ]|session:./)
    expect(refusals[0]?.address).toMatch(/127\.0\.0\.1$/)
  }

  async function expectAccepted(row: Row, attempt: Attempt, answer: Outcome, since: number) {
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 200, code: undefined })
    const view = answer.body.session ?? answer.body
    expect(view).toMatchObject({ accountId: attempt.whose, state: 'active' })
    const own = (await live()).filter(({ account_id }) => account_id === attempt.whose)
    expect(own).toEqual([{ id: view.id, account_id: attempt.whose, state: 'active' }])
    const rows = (await gateway.foundation.audit.tail()).filter(({ seq }) => seq > since)
    const told = rows.filter(({ action }) => action === (row.action ?? 'sign-in.accepted'))
    expect(told).toMatchObject([{ outcome: 'success', actor: `account:${attempt.whose}` }])
    expect(told[0]?.detail).toMatchObject(attempt.audited ?? {})
    expect(rows.filter(({ outcome }) => outcome === 'refused')).toEqual([])
    if (!answer.identity?.certificate) return
    const seen = await once(gateway.connect(answer.identity), (channel) => channel.call('session'))
    expect(seen.body.id).toBe(view.id)
  }

  return {
    ...stage,
    async run(row: Row): Promise<void> {
      place = await stage.workstation()
      try {
        const attempt = await row.given(stage)
        const before = await live()
        const since = await newestSeq()
        const answer = await attempt.act()
        if (row.code === undefined) await expectAccepted(row, attempt, answer, since)
        else {
          await expectRefused({ ...row, code: row.code }, attempt, answer, since)
          // Nothing began, nothing ended, nothing was unlocked.
          expect(await live()).toEqual(before)
        }
        await attempt.afterwards?.(answer)
      } finally {
        await policy((rules) => Object.assign(rules, structuredClone(usual)))
        await gateway.revoke([])
        await store.db
          .updateTable('sessions')
          .set({ state: 'ended', ended_at: clock(), end_reason: 'signed-out' })
          .where('state', '!=', 'ended')
          .execute()
      }
    },
    close: () => gateway.close(),
  }
}

export type Stage = Pick<
  Awaited<ReturnType<typeof openStage>>,
  | 'gateway'
  | 'clock'
  | 'advance'
  | 'policy'
  | 'place'
  | 'workstation'
  | 'person'
  | 'withPassword'
  | 'setPassword'
  | 'withGrant'
  | 'totp'
  | 'enter'
  | 'enterFallback'
  | 'session'
  | 'sessionRow'
  | 'set'
>

/** Uses a connection and closes it. */
export async function once<T>(channel: Channel, use: (channel: Channel) => Promise<T>): Promise<T> {
  try {
    return await use(channel)
  } finally {
    channel.close()
  }
}
