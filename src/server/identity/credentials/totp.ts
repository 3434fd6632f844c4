import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import type { TotpEnrolment } from '../../../shared/api/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import { createDamageReports } from '../../integrity/index.ts'
import { type Queries, type Schema, whole } from '../../store/index.ts'
import type { Holder } from './holders.ts'

type Actor = AuditEntry['actor']
type Row = Schema['account_totp']

/** RFC 6238 as every authenticator does it: HMAC-SHA-1, six digits, steps of 30 s; one step early or late is taken. */
const code = { algorithm: 'SHA1', digits: 6, period: 30 } as const
const window = 1
const secretBytes = 20

/** A code that fits and has not been used; it is used up by `take`. */
export interface GoodCode {
  totpId: string
  step: number
}

export interface Totps {
  /** When the secret in use was confirmed; null where there is none. */
  enrolledAt(accountId: string): Promise<number | null>
  /** A new secret that waits for its first code. Within a caller's transaction. */
  issue(trx: Transaction<Schema>, holder: Holder): Promise<TotpEnrolment>
  /** What the account has is void: the authenticator is lost. Within a caller's transaction. */
  forget(trx: Transaction<Schema>, accountId: string): Promise<void>
  /**
   * The code held against the account's secret: the one that waits for its first code (`pending`), or the confirmed one and,
   * where there is none, the one that waits (`either`). Null where it does not fit or was used. Takes as long for no account.
   */
  check(accountId: string | null, given: string, which: 'either' | 'pending'): Promise<GoodCode | null>
  /**
   * Uses the code up, and confirms the secret where it waited. Within a caller's transaction. False where another was faster.
   */
  take(trx: Transaction<Schema>, accountId: string, good: GoodCode, actor: Actor): Promise<boolean>
}

export function createTotps(foundation: Foundation): Totps {
  const { store, protection, audit, clock, random, config } = foundation
  const damage = createDamageReports(foundation)
  const place = (row: string) => ({ table: 'account_totp', column: 'sealed_secret', row })
  /** Held against a code where there is no secret, so that it takes as long. */
  const nobodys = new Secret({ buffer: Uint8Array.from(random(secretBytes)).buffer })

  const newest = (db: Queries, accountId: string, confirmed: boolean) =>
    whole(db)
      .selectFrom('account_totp')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('confirmed_at', confirmed ? 'is not' : 'is', null)
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst()

  async function secretOf(row: Row): Promise<Secret> {
    try {
      return Secret.fromBase32(protection.open(place(row.id), row.sealed_secret))
    } catch (error) {
      throw await damage.refusal(error)
    }
  }

  return {
    async enrolledAt(accountId) {
      return (await newest(store.db, accountId, true))?.confirmed_at ?? null
    },
    async issue(trx, holder) {
      const secret = new Secret({ buffer: Uint8Array.from(random(secretBytes)).buffer })
      const id = randomUUID()
      // One waits at a time: what nobody confirmed is void.
      await trx
        .deleteFrom('account_totp')
        .where('account_id', '=', holder.accountId)
        .where('confirmed_at', 'is', null)
        .execute()
      await trx
        .insertInto('account_totp')
        .values({
          id,
          account_id: holder.accountId,
          sealed_secret: protection.seal(place(id), secret.base32),
          created_at: clock(),
          confirmed_at: null,
          last_step: null,
        })
        .execute()
      const issuer = ['Vigil', config.hospital].filter(Boolean).join(' ')
      const totp = new TOTP({ ...code, secret, issuer, label: holder.loginName })
      return { secret: secret.base32, uri: totp.toString() }
    },
    async forget(trx, accountId) {
      await trx.deleteFrom('account_totp').where('account_id', '=', accountId).execute()
    },
    async check(accountId, given, which) {
      const pending = await newest(store.db, accountId ?? '', false)
      const confirmed = await newest(store.db, accountId ?? '', true)
      const row = which === 'pending' ? pending : (confirmed ?? pending)
      const secret = row ? await secretOf(row) : nobodys
      const now = clock()
      const delta = TOTP.validate({ ...code, token: given, secret, timestamp: now, window })
      if (!row || delta === null) return null
      const step = TOTP.counter({ period: code.period, timestamp: now }) + delta
      return row.last_step !== null && step <= row.last_step ? null : { totpId: row.id, step }
    },
    async take(trx, accountId, { totpId, step }, actor) {
      const now = clock()
      const before = await whole(trx)
        .selectFrom('account_totp')
        .select(['confirmed_at', 'last_step'])
        .where('id', '=', totpId)
        .executeTakeFirst()
      // Transactions run one after another: this decides between two that come with the same code.
      if (!before || (before.last_step !== null && step <= before.last_step)) return false
      await trx
        .updateTable('account_totp')
        .set(before.confirmed_at === null ? { last_step: step, confirmed_at: now } : { last_step: step })
        .where('id', '=', totpId)
        .execute()
      if (before.confirmed_at !== null) return true
      await trx
        .deleteFrom('account_totp')
        .where('account_id', '=', accountId)
        .where('id', '!=', totpId)
        .execute()
      const object = { kind: 'account', id: accountId }
      await audit.append(trx, { action: 'totp.confirmed', outcome: 'success', actor, object })
      return true
    },
  }
}
