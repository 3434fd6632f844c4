import type { Transaction } from 'kysely'
import { VigilError } from '../../shared/errors/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Schema } from '../store/index.ts'
import { nextSessionState, type SessionPolicy } from './policy.ts'
import { endOf, factsOf, type SessionRecord, sessionRecords } from './records.ts'
import type { Transitions } from './transitions.ts'

/** A session about to begin: who, where, and the certificate that it is known by. */
export interface NewSession {
  id: string
  accountId: string
  workstation: { id: string; name: string }
  certificateFingerprint: string
  tokenFingerprint: string
  expiresAt: number
  takeOver: boolean
}

/**
 * Begins sessions, one for each account: the account's live session ends in the same transaction, or the new one is refused.
 * @returns a function that throws VigilError `session-elsewhere`.
 */
export function createBegin(
  { store, audit, clock, policies }: Foundation,
  deps: { policy: SessionPolicy; transitions: Transitions },
): (session: NewSession, actor: AuditEntry['actor']) => Promise<void> {
  const { policy, transitions } = deps

  async function makeRoom(
    trx: Transaction<Schema>,
    before: SessionRecord,
    session: NewSession,
    actor: AuditEntry['actor'],
  ): Promise<void> {
    const verdict = nextSessionState(factsOf(before), clock(), policy)
    if (verdict.state === 'ended') {
      await transitions.markEnded(trx, before.id, { reason: verdict.reason })
      return
    }
    // The same workstation again (it crashed, or was restarted) is not a second place.
    const mayTakeOver = policies.current().session.secondSession === 'take-over'
    if (before.workstation_id !== session.workstation.id && !(mayTakeOver && session.takeOver)) {
      throw new VigilError('session-elsewhere', {
        workstation: before.workstation_name,
        since: before.started_at,
        mayTakeOver,
      })
    }
    const takenOverBy = session.workstation.name
    await transitions.markEnded(trx, before.id, { reason: 'taken-over', actor, takenOverBy })
  }

  return async (session, actor) => {
    const replaced = await store.transaction(async (trx) => {
      const before = await sessionRecords(trx)
        .where('sessions.account_id', '=', session.accountId)
        .where('sessions.state', '!=', 'ended')
        .executeTakeFirst()
      if (before) await makeRoom(trx, before, session, actor)
      await trx.insertInto('sessions').values(rowOf(session, clock())).execute()
      await audit.append(trx, {
        action: 'sign-in.accepted',
        outcome: 'success',
        actor,
        object: { kind: 'session', id: session.id },
        detail: { certificate: session.tokenFingerprint, ...(before ? { replaced: before.id } : {}) },
      })
      if (!before) return null
      return trx.selectFrom('sessions').selectAll().where('id', '=', before.id).executeTakeFirstOrThrow()
    })
    if (replaced) transitions.farewell(replaced.id, endOf(replaced))
  }
}

function rowOf(session: NewSession, now: number): Schema['sessions'] {
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
    factor: 'certificate',
    fallback_grant_id: null,
    roles: '[]',
  }
}
