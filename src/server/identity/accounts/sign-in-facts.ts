import type { Foundation } from '../../foundation.ts'

const day = 86_400_000

/** What the tables of the second factors and of the sessions say of each account, by its id. */
export interface SignInFacts {
  passwords: Map<string, { expiresAt: number; mustChange: boolean }>
  /** Until when entries are held off; by the blind index of the login name. */
  lockouts: Map<string, number>
  /** Until when password + TOTP stand in for the key. */
  fallbacks: Map<string, number>
  totp: Set<string>
  /** When each last signed in. */
  signIns: Map<string, number>
}

/** One query a table, whatever the number of accounts. */
export function createSignInFacts({ store, policies, clock }: Foundation): () => Promise<SignInFacts> {
  const { db } = store

  async function passwords(): Promise<SignInFacts['passwords']> {
    const ageMs = policies.current().password.maxAgeDays * day
    const rows = await db
      .selectFrom('account_passwords as newest')
      .select(['account_id', 'set_at', 'expires_at', 'must_change'])
      .where('set_at', '=', (eb) =>
        eb
          .selectFrom('account_passwords as other')
          .select((max) => max.fn.max('other.set_at').as('set_at'))
          .whereRef('other.account_id', '=', 'newest.account_id'),
      )
      .execute()
    return new Map(
      rows.map((row) => [
        row.account_id,
        { expiresAt: row.expires_at ?? row.set_at + ageMs, mustChange: row.must_change !== 0 },
      ]),
    )
  }

  async function lockouts(): Promise<SignInFacts['lockouts']> {
    const rows = await db
      .selectFrom('lockouts')
      .select(['subject', 'locked_until'])
      .where('subject', 'like', 'account:%')
      .where('locked_until', '>', clock())
      .execute()
    return new Map(rows.map((row) => [row.subject.slice('account:'.length), row.locked_until ?? 0]))
  }

  async function fallbacks(): Promise<SignInFacts['fallbacks']> {
    const rows = await db
      .selectFrom('fallback_grants')
      .select((eb) => ['account_id' as const, eb.fn.max('ends_at').as('until')])
      .where('ended_at', 'is', null)
      .where('ends_at', '>', clock())
      .groupBy('account_id')
      .execute()
    return new Map(rows.map((row) => [row.account_id, Number(row.until)]))
  }

  async function totp(): Promise<Set<string>> {
    const rows = await db
      .selectFrom('account_totp')
      .select('account_id')
      .distinct()
      .where('confirmed_at', 'is not', null)
      .execute()
    return new Set(rows.map((row) => row.account_id))
  }

  async function signIns(): Promise<Map<string, number>> {
    const rows = await db
      .selectFrom('sessions')
      .select((eb) => ['account_id' as const, eb.fn.max('started_at').as('at')])
      .groupBy('account_id')
      .execute()
    return new Map(rows.map((row) => [row.account_id, Number(row.at)]))
  }

  return async () => ({
    passwords: await passwords(),
    lockouts: await lockouts(),
    fallbacks: await fallbacks(),
    totp: await totp(),
    signIns: await signIns(),
  })
}
