import type { ErrorCode, ErrorFacts } from '../../../../src/shared/errors/index.ts'
import type { FallbackEntry } from '../../fallback-client.ts'
import { keyAndRequest } from '../../sign-in-client.ts'
import { by, minute, once, other, type Row, type Stage } from '../stage.ts'

type Granted = Awaited<ReturnType<Stage['withGrant']>>

/** Password and code, under a grant that is there, of a person who has everything; but for what is arranged. */
const typed = (
  name: string,
  code: ErrorCode | undefined,
  more: {
    entry?: (entry: FallbackEntry) => FallbackEntry
    arrange?: (stage: Stage, person: Granted) => Promise<unknown>
    facts?: ErrorFacts
    /** The true reason, for the audit alone. */
    why?: string
    nobody?: boolean
  } = {},
): Row => ({
  name,
  ...(code ? { code } : {}),
  async given(stage) {
    const person = await stage.withGrant()
    await more.arrange?.(stage, person)
    const entry = more.entry?.(person.entry) ?? person.entry
    return {
      act: () => stage.enterFallback(entry),
      whose: person.accountId,
      facts: more.facts ?? {},
      audited: {
        factor: 'fallback',
        ...(more.why ? { why: more.why } : {}),
        ...(code === 'credentials-wrong' && !more.nobody ? { accountId: person.accountId } : {}),
      },
    }
  },
})

const wrong = (name: string, why: string, more: Parameters<typeof typed>[2] = {}) =>
  typed(name, 'credentials-wrong', { ...more, why })
const grants = (stage: Stage, { accountId }: Granted) =>
  stage.gateway.foundation.store.db.updateTable('fallback_grants').where('account_id', '=', accountId)
const mustChange = (stage: Stage, { accountId }: Granted) =>
  stage.gateway.foundation.store.db
    .updateTable('account_passwords')
    .set({ must_change: 1 })
    .where('account_id', '=', accountId)
    .execute()
const anotherCode = (entry: FallbackEntry) => ({
  ...entry,
  code: String((Number(entry.code) + 1) % 1_000_000).padStart(6, '0'),
})
const fullwidth = (text: string) =>
  text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))

export const fallbackRows: Row[] = [
  typed('everything right', undefined),
  typed('everything right, the name in capitals and fullwidth letters', undefined, {
    entry: (entry) => ({ ...entry, loginName: fullwidth(entry.loginName.toUpperCase()) }),
  }),
  wrong('a name that nobody has', 'account-unknown', {
    entry: (entry) => ({ ...entry, loginName: 'nobody.here' }),
    nobody: true,
  }),
  wrong('no grant', 'no-grant', {
    arrange: (stage, person) =>
      stage.gateway.foundation.store.db
        .deleteFrom('fallback_grants')
        .where('account_id', '=', person.accountId)
        .execute(),
  }),
  wrong('a grant whose time is over', 'no-grant', {
    arrange: (stage, person) => grants(stage, person).set({ ends_at: stage.clock() }).execute(),
  }),
  wrong('a grant that was ended', 'no-grant', {
    arrange: (stage, person) =>
      grants(stage, person).set({ ended_at: stage.clock(), ended_by: 'x' }).execute(),
  }),
  wrong('a wrong password', 'password-wrong', { entry: (entry) => ({ ...entry, password: other }) }),
  wrong('a wrong code', 'totp-code-wrong', { entry: anotherCode }),
  wrong('wrong password and wrong code', 'password-wrong', {
    entry: (entry) => ({ ...anotherCode(entry), password: other }),
  }),
  wrong('a code that was used', 'totp-code-wrong', {
    arrange: async (stage, person) => {
      const first = await stage.enterFallback(person.entry)
      if (first.status !== 200) throw new Error(first.body.code)
    },
  }),
  wrong('a code of three steps ago', 'totp-code-wrong', { arrange: async (stage) => stage.advance(90_000) }),
  wrong('no password', 'password-not-set', {
    arrange: (stage, person) =>
      stage.gateway.foundation.store.db
        .deleteFrom('account_passwords')
        .where('account_id', '=', person.accountId)
        .execute(),
  }),
  wrong('a disabled account', 'account-disabled', {
    arrange: (stage, person) => stage.set(person.accountId, { disabled: 1 }),
  }),
  wrong('an account without roles', 'account-not-authorised', {
    arrange: (stage, person) => stage.set(person.accountId, { roles: '[]' }),
  }),
  typed('a policy without any fallback', 'permission-denied', {
    arrange: (stage) =>
      stage.policy((policy) => {
        policy.signIn.fallbackAllowed = false
      }),
  }),
  typed('a password that must be changed', 'password-change-required', {
    arrange: mustChange,
    facts: { why: 'must-change' },
  }),
  typed('a password that must be changed, and a new one', undefined, {
    arrange: mustChange,
    entry: (entry) => ({ ...entry, newPassword: other }),
  }),
  {
    name: 'everything right, of an account that is held off',
    code: 'locked-out',
    async given(stage) {
      const person = await stage.withGrant()
      for (let i = 0; i < 5; i += 1) await stage.enterFallback({ ...person.entry, password: other })
      return {
        act: () => stage.enterFallback(person.entry),
        facts: { retryAt: stage.clock() + minute },
        audited: { factor: 'fallback' },
      }
    },
  },
  {
    name: 'everything right, the person in session elsewhere',
    code: 'session-elsewhere',
    async given(stage) {
      const person = await stage.withGrant()
      await stage.session(person)
      const since = stage.clock()
      const second = await stage.workstation()
      return {
        act: () => stage.enterFallback(person.entry, second),
        facts: { workstation: stage.place.name, since, mayTakeOver: true },
      }
    },
  },
  {
    name: 'everything right, without a challenge',
    code: 'challenge-invalid',
    async given(stage) {
      const { entry } = await stage.withGrant()
      const { csr } = await keyAndRequest()
      const body = { csr: csr.toString('base64'), ...entry }
      return {
        act: () =>
          once(stage.gateway.connect(stage.place.identity), (open) => open.call('signInFallback', { body })),
      }
    },
  },
  {
    name: 'everything right, at a suspended workstation',
    code: 'workstation-suspended',
    action: 'access.refused',
    async given(stage) {
      const { entry } = await stage.withGrant()
      const { csr } = await keyAndRequest()
      const body = { csr: csr.toString('base64'), ...entry }
      await stage.gateway.workstations.suspend(stage.place.id, by, 'moved')
      return {
        act: () =>
          once(stage.gateway.connect(stage.place.identity), (open) => open.call('signInFallback', { body })),
      }
    },
  },
]
