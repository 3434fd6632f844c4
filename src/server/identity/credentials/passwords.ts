import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import { passwordFaults } from '../../../shared/credentials/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import { createDamageReports } from '../../integrity/index.ts'
import { type Queries, type Schema, whole } from '../../store/index.ts'
import type { Hashing } from './hashing.ts'
import type { Holder } from './holders.ts'
import { oneTimePassword } from './one-time-password.ts'

type Actor = AuditEntry['actor']
type Row = Schema['account_passwords']

/** The password in force of an account. */
export interface CurrentPassword {
  /** Epoch ms. A one-time password is worth nothing after it; another must be changed. */
  endsAt: number
  mustChange: boolean
}

/** A change that was found good and waits for the transaction that makes it. */
export type PreparedChange = (trx: Transaction<Schema>, actor: Actor) => Promise<void>

export interface Passwords {
  /** Null where none is set, or a one-time password has ended. */
  current(accountId: string): Promise<CurrentPassword | null>
  /** Nobody has set one for the account yet, neither its person nor an officer. */
  isNew(accountId: string): Promise<boolean>
  /** Whether it is the one in force. Takes as long for an account that has none, and for no account at all (null). */
  verify(accountId: string | null, password: string): Promise<boolean>
  /** Why it must be changed before it opens anything, or null. */
  changeDue(password: CurrentPassword): 'expired' | 'must-change' | null
  /**
   * Holds a new password against the rules and the history.
   * @throws VigilError `password-unacceptable {why, …}`, or `too-many-requests`.
   */
  prepareChange(holder: Holder, newPassword: string): Promise<PreparedChange>
  /** A one-time password, good for the policy's hours and to be changed at its first use. Shown this once. */
  reset(accountId: string, actor: Actor): Promise<{ password: string; expiresAt: number }>
  /** When it ends; null where there is none. */
  expiresAt(accountId: string): Promise<number | null>
  /** From the day that the person is to be warned, when the password ends; null before, and where no sign-in asks for it. */
  endsAt(accountId: string): Promise<number | null>
}

const day = 86_400_000
/** The policy's largest history: what is older is forgotten. */
const longestHistory = 24

export function createPasswords(
  foundation: Foundation,
  deps: {
    hashing: Hashing
    /** Whether password + TOTP stand in for the account's key now. */
    isFallbackGranted(accountId: string): Promise<boolean>
  },
): Passwords {
  const { store, protection, audit, policies, clock, random } = foundation
  const { hashing } = deps
  const damage = createDamageReports(foundation)
  const place = (row: string) => ({ table: 'account_passwords', column: 'sealed_hash', row })

  const newest = (db: Queries, accountId: string) =>
    whole(db)
      .selectFrom('account_passwords')
      .selectAll()
      .where('account_id', '=', accountId)
      .orderBy('set_at', 'desc')
      .limit(1)
      .executeTakeFirst()

  async function inForce(accountId: string): Promise<Row | null> {
    const row = await newest(store.db, accountId)
    return row && (row.expires_at === null || clock() < row.expires_at) ? row : null
  }

  const endOf = (row: Row) => row.expires_at ?? row.set_at + policies.current().password.maxAgeDays * day

  async function hashOf(row: Row): Promise<string> {
    try {
      return protection.open(place(row.id), row.sealed_hash)
    } catch (error) {
      throw await damage.refusal(error)
    }
  }

  /** A person's own passwords, the newest first. */
  const chosen = (db: Queries, accountId: string) =>
    whole(db)
      .selectFrom('account_passwords')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('expires_at', 'is', null)
      .orderBy('set_at', 'desc')
      .execute()

  async function isReused(accountId: string, password: string): Promise<boolean> {
    const { history } = policies.current().password
    for (const row of (await chosen(store.db, accountId)).slice(0, history)) {
      if (await hashing.verify(await hashOf(row), password)) return true
    }
    return false
  }

  /** Puts a password in force. The newest row counts, whatever the clock did in between. */
  async function set(
    trx: Transaction<Schema>,
    accountId: string,
    encoded: string,
    more: { expiresAt: number | null; mustChange: boolean },
  ): Promise<void> {
    const before = await newest(trx, accountId)
    const id = randomUUID()
    await trx
      .insertInto('account_passwords')
      .values({
        id,
        account_id: accountId,
        sealed_hash: protection.seal(place(id), encoded),
        set_at: Math.max(clock(), (before?.set_at ?? 0) + 1),
        expires_at: more.expiresAt,
        must_change: more.mustChange ? 1 : 0,
      })
      .execute()
    // A one-time password that was replaced is no history: nobody chose it.
    await trx
      .deleteFrom('account_passwords')
      .where('account_id', '=', accountId)
      .where('expires_at', 'is not', null)
      .where('id', '!=', id)
      .execute()
    const old = (await chosen(trx, accountId)).slice(longestHistory).map((row) => row.id)
    if (old.length > 0) await trx.deleteFrom('account_passwords').where('id', 'in', old).execute()
  }

  return {
    async current(accountId) {
      const row = await inForce(accountId)
      return row && { endsAt: endOf(row), mustChange: row.must_change !== 0 }
    },
    async isNew(accountId) {
      return (await newest(store.db, accountId)) === undefined
    },
    async verify(accountId, password) {
      const row = await inForce(accountId ?? '')
      return hashing.verify(row && (await hashOf(row)), password)
    },
    changeDue({ endsAt, mustChange }) {
      if (mustChange) return 'must-change'
      return clock() >= endsAt ? 'expired' : null
    },
    async prepareChange(holder, newPassword) {
      const rules = policies.current().password
      const [fault] = passwordFaults(newPassword, rules, holder)
      const { minLength, minClasses, history } = rules
      if (fault) throw new VigilError('password-unacceptable', { why: fault, minLength, minClasses })
      if (await isReused(holder.accountId, newPassword)) {
        throw new VigilError('password-unacceptable', { why: 'reused', history })
      }
      const encoded = await hashing.hash(newPassword)
      return async (trx, actor) => {
        await set(trx, holder.accountId, encoded, { expiresAt: null, mustChange: false })
        const object = { kind: 'account', id: holder.accountId }
        await audit.append(trx, { action: 'password.changed', outcome: 'success', actor, object })
      }
    },
    async reset(accountId, actor) {
      const password = oneTimePassword(random)
      const encoded = await hashing.hash(password)
      const expiresAt = clock() + policies.current().signIn.oneTimeCodeHours * 3_600_000
      await store.transaction(async (trx) => {
        await set(trx, accountId, encoded, { expiresAt, mustChange: true })
        await audit.append(trx, {
          action: 'password.reset',
          outcome: 'success',
          actor,
          object: { kind: 'account', id: accountId },
          detail: { expiresAt },
        })
      })
      return { password, expiresAt }
    },
    async expiresAt(accountId) {
      const row = await inForce(accountId)
      return row && endOf(row)
    },
    async endsAt(accountId) {
      const { signIn, password } = policies.current()
      const row = await inForce(accountId)
      if (!row) return null
      const asked = signIn.factors === 'certificate-and-password' || (await deps.isFallbackGranted(accountId))
      const endsAt = endOf(row)
      return asked && clock() >= endsAt - password.warnDays * day ? endsAt : null
    },
  }
}
