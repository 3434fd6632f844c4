import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { FallbackGrantRow, TotpEnrolment } from '../../../shared/api/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import { createDamageReports } from '../../integrity/index.ts'
import { type Queries, type Schema, whole } from '../../store/index.ts'
import type { Holder } from './holders.ts'
import type { Totps } from './totp.ts'

type Actor = AuditEntry['actor']

/** An officer who decides, as the audit names them. */
export interface Officer {
  accountId: string
  actor: Actor
}

/** A grant that stands. */
export interface StandingGrant {
  id: string
  endsAt: number
}

/** Leave to sign in by password + TOTP while a key is lost; given for hours, by a security officer, to somebody else. */
export interface Fallback {
  /** Null where none stands, or the policy no longer has any. */
  standing(accountId: string): Promise<StandingGrant | null>
  /**
   * A grant that stands already is ended by the new one, and with it the session that stands on it.
   * @throws VigilError `permission-denied` where the policy has no fallback, `bad-request` for more hours than its longest.
   */
  grant(
    holder: Holder,
    grant: { hours: number; reason: string; newTotp?: boolean },
    by: Officer,
  ): Promise<{ endsAt: number; totp: TotpEnrolment | null }>
  /** Ends the grant and the session that stands on it. @throws VigilError `not-found` where none stands. */
  end(holder: Holder, reason: string, by: Officer): Promise<void>
  /** Counts a sign-in. Within a caller's transaction. @throws VigilError `credentials-wrong` where the grant is over by now. */
  use(trx: Transaction<Schema>, grantId: string): Promise<void>
  /** Every grant there was, the newest first, at most 500. */
  list(): Promise<FallbackGrantRow[]>
}

const hour = 3_600_000

export function createFallback(
  foundation: Foundation,
  deps: {
    totps: Totps
    endSession(sessionId: string, actor: Actor): Promise<unknown>
  },
): Fallback {
  const { store, protection, audit, policies, clock } = foundation
  const { totps, endSession } = deps
  const damage = createDamageReports(foundation)
  const reasonPlace = (row: string) => ({ table: 'fallback_grants', column: 'sealed_reason', row })

  const standingRow = (db: Queries, accountId: string) =>
    whole(db)
      .selectFrom('fallback_grants')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('ended_at', 'is', null)
      // A clock that was set back lengthens no grant.
      .where('granted_at', '<=', clock())
      .where('ends_at', '>', clock())
      .orderBy('granted_at', 'desc')
      .executeTakeFirst()

  /** Ends what stands, or would stand again on a clock set back. @returns the ids. */
  async function endAll(trx: Transaction<Schema>, accountId: string, by: Officer): Promise<string[]> {
    const open = await trx
      .selectFrom('fallback_grants')
      .select('id')
      .where('account_id', '=', accountId)
      .where('ended_at', 'is', null)
      .where('ends_at', '>', clock())
      .execute()
    const ids = open.map((row) => row.id)
    if (ids.length === 0) return ids
    await trx
      .updateTable('fallback_grants')
      .set({ ended_at: clock(), ended_by: by.accountId })
      .where('id', 'in', ids)
      .execute()
    return ids
  }

  const sessionsOn = (grantIds: readonly string[]) =>
    store.db
      .selectFrom('sessions')
      .select('id')
      .where('fallback_grant_id', 'in', grantIds)
      .where('state', '!=', 'ended')
      .execute()

  return {
    async standing(accountId) {
      if (!policies.current().signIn.fallbackAllowed) return null
      const row = await standingRow(store.db, accountId)
      return row ? { id: row.id, endsAt: row.ends_at } : null
    },

    async grant(holder, { hours, reason, newTotp = false }, by) {
      const { fallbackAllowed, fallbackLongestHours } = policies.current().signIn
      if (!fallbackAllowed) throw new VigilError('permission-denied')
      if (hours > fallbackLongestHours) {
        throw new VigilError('bad-request', { field: 'hours', most: fallbackLongestHours })
      }
      const enrolled = !newTotp && (await totps.enrolledAt(holder.accountId)) !== null
      const id = randomUUID()
      const now = clock()
      const endsAt = now + hours * hour
      const { totp, replaced } = await store.transaction(async (trx) => {
        const ended = await endAll(trx, holder.accountId, by)
        await trx
          .insertInto('fallback_grants')
          .values({
            id,
            account_id: holder.accountId,
            sealed_reason: protection.seal(reasonPlace(id), reason),
            granted_by: by.accountId,
            granted_at: now,
            ends_at: endsAt,
            ended_at: null,
            ended_by: null,
            sign_ins: 0,
          })
          .execute()
        if (newTotp) await totps.forget(trx, holder.accountId)
        const issued = enrolled ? null : await totps.issue(trx, holder)
        await audit.append(trx, {
          action: 'fallback.granted',
          outcome: 'success',
          actor: by.actor,
          object: { kind: 'account', id: holder.accountId },
          detail: { grant: id, reason, endsAt, totpIssued: issued !== null, totpReplaced: newTotp },
        })
        return { totp: issued, replaced: ended }
      })
      await endSessionsOn(replaced, by)
      return { endsAt, totp }
    },

    async end(holder, reason, by) {
      const ended = await store.transaction(async (trx) => {
        const ids = await endAll(trx, holder.accountId, by)
        if (ids.length === 0) throw new VigilError('not-found', { field: 'fallback' })
        await audit.append(trx, {
          action: 'fallback.ended',
          outcome: 'success',
          actor: by.actor,
          object: { kind: 'account', id: holder.accountId },
          detail: { grants: ids, reason },
        })
        return ids
      })
      await endSessionsOn(ended, by)
    },

    async use(trx, grantId) {
      const used = await trx
        .updateTable('fallback_grants')
        .set((eb) => ({ sign_ins: eb('sign_ins', '+', 1) }))
        .where('id', '=', grantId)
        .where('ended_at', 'is', null)
        .where('ends_at', '>', clock())
        .executeTakeFirst()
      if (used.numUpdatedRows !== 1n) throw new VigilError('credentials-wrong')
    },

    async list() {
      const rows = await store.db
        .selectFrom('fallback_grants')
        .selectAll()
        .orderBy('granted_at', 'desc')
        .limit(500)
        .execute()
      const names = new Map<string, string>()
      for (const account of await store.db.selectFrom('accounts').select(['id', 'sealed_name']).execute()) {
        const place = { table: 'accounts', column: 'sealed_name', row: account.id }
        names.set(account.id, await damage.opened(protection, place, account.sealed_name))
      }
      const grants: FallbackGrantRow[] = []
      for (const row of rows) {
        grants.push({
          id: row.id,
          person: names.get(row.account_id) ?? '',
          grantedBy: names.get(row.granted_by) ?? '',
          reason: await damage.opened(protection, reasonPlace(row.id), row.sealed_reason),
          grantedAt: row.granted_at,
          endsAt: row.ends_at,
          endedAt: row.ended_at,
          endedBy: names.get(row.ended_by ?? '') ?? '',
          signIns: row.sign_ins,
        })
      }
      return grants
    },
  }

  /** At once; the watch over the sessions would find them as well. */
  async function endSessionsOn(grantIds: readonly string[], by: Officer): Promise<void> {
    if (grantIds.length === 0) return
    for (const { id } of await sessionsOn(grantIds)) await endSession(id, by.actor)
  }
}
