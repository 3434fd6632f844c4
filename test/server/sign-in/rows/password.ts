import type { ErrorCode, ErrorFacts } from '../../../../src/shared/errors/index.ts'
import { by, day, minute, other, password, type Reader, type Row, type Stage } from '../stage.ts'

interface Entered {
  password?: string
  newPassword?: string
}

const rules = { minLength: 10, minClasses: 3 }

/** A good key of a person with a password, where policy asks for both. */
const typed = (
  name: string,
  code: ErrorCode | undefined,
  entered: Entered,
  more: {
    facts?: ErrorFacts
    arrange?: (stage: Stage, person: Reader) => Promise<unknown>
  } = {},
): Row => ({
  name,
  ...(code ? { code } : {}),
  async given(stage) {
    const person = await stage.withPassword()
    await more.arrange?.(stage, person)
    return {
      act: () => stage.enter(person, entered),
      whose: person.accountId,
      facts: more.facts ?? {},
      audited: code
        ? { factor: 'certificate-and-password', accountId: person.accountId, fingerprint: person.fingerprint }
        : {},
    }
  },
})

const passwordsOf = (stage: Stage, { accountId }: Reader) =>
  stage.gateway.foundation.store.db.updateTable('account_passwords').where('account_id', '=', accountId)
const expired = async (stage: Stage, person: Reader) =>
  passwordsOf(stage, person)
    .set({ set_at: stage.clock() - 90 * day })
    .execute()
const mustChange = async (stage: Stage, person: Reader) =>
  passwordsOf(stage, person).set({ must_change: 1 }).execute()
const none = async (stage: Stage, { accountId }: Reader) =>
  stage.gateway.foundation.store.db
    .deleteFrom('account_passwords')
    .where('account_id', '=', accountId)
    .execute()
/** As if an officer had given a one-time password that has ended since. */
const ended = async (stage: Stage, person: Reader) =>
  passwordsOf(stage, person).set({ expires_at: stage.clock(), must_change: 1 }).execute()

/** Wrong entries, as many as it takes. */
async function wrongly(stage: Stage, person: Reader, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    const answer = await stage.enter(person, { password: other })
    if (answer.body.code !== 'password-wrong') throw new Error(answer.body.code)
  }
}

export const passwordRows: Row[] = [
  typed('a good key and the right password', undefined, { password }),
  typed('a good key without a password', 'password-required', {}),
  typed('a good key without the old password, but with a new one', 'password-required', {
    newPassword: other,
  }),
  typed('a good key and a wrong password', 'password-wrong', { password: other }),
  typed('a good key, a wrong password and a new one', 'password-wrong', {
    password: other,
    newPassword: 'hY6%kZp3sF',
  }),
  typed('a good key and a password in other case', 'password-wrong', { password: password.toUpperCase() }),
  typed('a good key and a password with a blank after it', 'password-wrong', { password: `${password} ` }),

  typed(
    'nobody’s password yet, and none chosen',
    'password-not-set',
    { password },
    {
      facts: { mayChoose: true },
      arrange: none,
    },
  ),
  typed('nobody’s password yet, and one chosen', undefined, { newPassword: other }, { arrange: none }),
  typed(
    'nobody’s password yet, and a weak one chosen',
    'password-unacceptable',
    { newPassword: 'Admin@12345' },
    {
      facts: { why: 'weak', ...rules },
      arrange: none,
    },
  ),
  typed(
    'a one-time password that has ended',
    'password-not-set',
    { password, newPassword: other },
    {
      facts: { mayChoose: false },
      arrange: ended,
    },
  ),

  typed(
    'a password past its days',
    'password-change-required',
    { password },
    {
      facts: { why: 'expired' },
      arrange: expired,
    },
  ),
  typed(
    'a password past its days, and a wrong one typed',
    'password-wrong',
    { password: other },
    { arrange: expired },
  ),
  typed(
    'a password past its days, and a new one',
    undefined,
    { password, newPassword: other },
    { arrange: expired },
  ),
  typed(
    'a password that must be changed',
    'password-change-required',
    { password },
    {
      facts: { why: 'must-change' },
      arrange: mustChange,
    },
  ),
  typed(
    'a password that must be changed, and a new one',
    undefined,
    { password, newPassword: other },
    {
      arrange: mustChange,
    },
  ),
  ...(
    [
      ['too short', 'too-short', 'aB3$eF7'],
      ['of one class', 'too-few-classes', 'zkwqjvxpyhtm'],
      ['weak', 'weak', 'Password-1234'],
    ] as const
  ).map(([what, why, newPassword]) =>
    typed(
      `a password that must be changed, and a new one that is ${what}`,
      'password-unacceptable',
      {
        password,
        newPassword,
      },
      { facts: { why, ...rules }, arrange: mustChange },
    ),
  ),
  typed(
    'a password that must be changed, and the same again',
    'password-unacceptable',
    { password, newPassword: password },
    {
      facts: { why: 'reused', history: 5 },
      arrange: mustChange,
    },
  ),
  {
    name: 'a password that must be changed, and a new one with the login name in it',
    code: 'password-unacceptable',
    async given(stage) {
      const person = await stage.withPassword()
      await mustChange(stage, person)
      const newPassword = `xQ9!${person.loginName}`
      return {
        act: () => stage.enter(person, { password, newPassword }),
        facts: { why: 'contains-name', ...rules },
      }
    },
  },

  {
    name: 'the wrong password that is one too many',
    code: 'password-wrong',
    async given(stage) {
      const person = await stage.withPassword()
      await wrongly(stage, person, 4)
      const lockedUntil = stage.clock() + minute
      return { act: () => stage.enter(person, { password: other }), audited: { lockedUntil } }
    },
  },
  {
    name: 'the right password of an account that is held off',
    code: 'locked-out',
    async given(stage) {
      const person = await stage.withPassword()
      await wrongly(stage, person, 5)
      return {
        act: () => stage.enter(person, { password }),
        facts: { retryAt: stage.clock() + minute },
        audited: { accountId: person.accountId },
      }
    },
  },
  {
    name: 'the right password of an account that is held off, at another workstation',
    code: 'locked-out',
    async given(stage) {
      const person = await stage.withPassword()
      await wrongly(stage, person, 5)
      const elsewhere = await stage.workstation()
      return {
        act: () => stage.enter(person, { password }, elsewhere),
        facts: { retryAt: stage.clock() + minute },
      }
    },
  },
  {
    name: 'the right password at a workstation that is held off',
    code: 'locked-out',
    async given(stage) {
      const people = [await stage.withPassword(), await stage.withPassword()] as const
      await stage.policy((policy) => {
        policy.lockout.workstation.failures = 3
      })
      await wrongly(stage, people[0], 3)
      return { act: () => stage.enter(people[1], { password }), facts: { retryAt: stage.clock() + minute } }
    },
  },
  {
    name: 'the right password once the delay is over',
    async given(stage) {
      const person = await stage.withPassword()
      await wrongly(stage, person, 5)
      stage.advance(minute + 1)
      return { act: () => stage.enter(person, { password }), whose: person.accountId }
    },
  },
  {
    name: 'the right password once the officer has cleared the lock-out',
    async given(stage) {
      const person = await stage.withPassword()
      await wrongly(stage, person, 5)
      const { holders, lockouts } = stage.gateway.credentials
      const { loginIndex } = await holders.byId(person.accountId)
      await stage.gateway.foundation.store.transaction((trx) => lockouts.clearAccount(trx, loginIndex))
      return { act: () => stage.enter(person, { password }), whose: person.accountId }
    },
  },
  {
    name: 'a revoked key and the right password',
    code: 'certificate-revoked',
    async given(stage) {
      const person = await stage.withPassword()
      await stage.gateway.accounts.revokeCertificate(person.fingerprint, 'lost', by)
      return { act: () => stage.enter(person, { password }), audited: { factor: 'certificate' } }
    },
  },
  {
    name: 'a revoked key and a wrong password: nothing is said about it, or counted',
    code: 'certificate-revoked',
    async given(stage) {
      const person = await stage.withPassword()
      await stage.gateway.accounts.revokeCertificate(person.fingerprint, 'lost', by)
      return {
        act: () => stage.enter(person, { password: other }),
        async afterwards() {
          const { loginIndex } = await stage.gateway.credentials.holders.byId(person.accountId)
          const counted = await stage.gateway.foundation.store.db
            .selectFrom('lockouts')
            .select('failures')
            .where('subject', '=', `account:${loginIndex}`)
            .execute()
          if (counted.length > 0) throw new Error('it was counted')
        },
      }
    },
  },
]
