import type { Transaction } from 'kysely'
import { Role } from '../../shared/access/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { type Schema, whole } from '../store/index.ts'
import { capReached } from './caps.ts'
import type { LivePolicy } from './live-policy.ts'
import { occupancyOf } from './occupancy.ts'
import { endOf, factsOf, sessionRecords } from './records.ts'
import { createRoom } from './room.ts'
import type { Transitions } from './transitions.ts'

/** A session about to begin: who, where, and the certificate that it is known by. */
export interface NewSession {
  id: string
  accountId: string
  workstation: { id: string; name: string }
  certificateFingerprint: string
  /** Empty for a session that password + TOTP begin. */
  tokenFingerprint: string
  expiresAt: number
  takeOver: boolean
  /** The locked session of the same workstation that gives way to this one. */
  replaces?: string | undefined
  factor?: 'certificate' | 'fallback'
  /** The grant that a fallback session stands on. */
  fallbackGrantId?: string | undefined
  /** What is written with it or not at all: a code used up, a password changed. A throw begins nothing. */
  within?: ((trx: Transaction<Schema>) => Promise<void>) | undefined
}

/**
 * Begins sessions: one for each account, and no more than the caps allow. What must end for it ends in the same transaction,
 * so that it either happens whole or not at all.
 * @returns a function that throws VigilError `session-elsewhere`, `session-cap`, `conflict` (field `replaces`),
 * `account-disabled`, or `session-ended` where what it stands on is no longer good.
 */
export function createBegin(
  { store, audit, policies }: Foundation,
  deps: {
    clock: Clock
    policy: LivePolicy
    transitions: Transitions
    /** Whether the session has a connection or an event stream here. */
    connected(sessionId: string): boolean
  },
): (session: NewSession, actor: AuditEntry['actor']) => Promise<void> {
  const { clock, policy, transitions } = deps
  const room = createRoom({ ...deps, rules: () => policies.current().session })

  return async (session, actor) => {
    const ended = await store.transaction(async (trx) => {
      const { roles, emergency } = await accountOf(trx, session.accountId)
      const { caps } = policies.current().session
      const ended = await room.make(trx, session, actor)
      const newcomer = { workstationId: session.workstation.id, roles }
      const reached = capReached({ emergency, roles }, await occupancyOf(trx, newcomer, caps, clock()), caps)
      if (reached) throw new VigilError('session-cap', reached)
      const expiresAt = Math.min(session.expiresAt, await grantEndOf(trx, session))
      await trx
        .insertInto('sessions')
        .values(rowOf({ ...session, expiresAt }, roles, clock()))
        .execute()
      await session.within?.(trx)
      await mustStand(trx, session.id)
      await audit.append(trx, {
        action: 'sign-in.accepted',
        outcome: 'success',
        actor,
        object: { kind: 'session', id: session.id },
        detail: {
          ...(session.factor === 'fallback'
            ? { factor: 'fallback' }
            : { certificate: session.tokenFingerprint }),
          ...(ended.length > 0 ? { replaced: ended.join(' ') } : {}),
        },
      })
      if (ended.length === 0) return []
      return trx.selectFrom('sessions').selectAll().where('id', 'in', ended).execute()
    })
    for (const row of ended) transitions.farewell(row.id, endOf(row))
  }

  /** What was revoked since the proof was checked begins nothing. */
  async function mustStand(trx: Transaction<Schema>, id: string): Promise<void> {
    const record = await sessionRecords(whole(trx)).where('sessions.id', '=', id).executeTakeFirstOrThrow()
    const verdict = policy.judge(factsOf(record))
    if (verdict.state === 'ended')
      throw new VigilError('session-ended', { reason: verdict.reason, at: clock() })
  }
}

async function accountOf(
  trx: Transaction<Schema>,
  id: string,
): Promise<{ roles: Role[]; emergency: boolean }> {
  const account = await whole(trx)
    .selectFrom('accounts')
    .select(['roles', 'emergency', 'disabled'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (account?.disabled !== 0) throw new VigilError('account-disabled')
  return { roles: Role.array().parse(JSON.parse(account.roles)), emergency: account.emergency !== 0 }
}

/** Held as the session's own end as well, which a clock that is set back does not put off. */
async function grantEndOf(trx: Transaction<Schema>, session: NewSession): Promise<number> {
  if (session.fallbackGrantId === undefined) return Number.POSITIVE_INFINITY
  const grant = await whole(trx)
    .selectFrom('fallback_grants')
    .select('ends_at')
    .where('id', '=', session.fallbackGrantId)
    .executeTakeFirst()
  return grant?.ends_at ?? Number.POSITIVE_INFINITY
}

function rowOf(session: NewSession, roles: readonly Role[], now: number): Schema['sessions'] {
  return {
    id: session.id,
    account_id: session.accountId,
    workstation_id: session.workstation.id,
    certificate_fingerprint: session.certificateFingerprint,
    token_fingerprint: session.tokenFingerprint,
    state: 'active',
    started_at: now,
    expires_at: session.expiresAt,
    last_activity_at: now,
    last_seen_at: now,
    activity_counter: 0,
    locked_at: null,
    ended_at: null,
    end_reason: null,
    taken_over_by: null,
    factor: session.factor ?? 'certificate',
    fallback_grant_id: session.fallbackGrantId ?? null,
    roles: JSON.stringify(roles),
  }
}
