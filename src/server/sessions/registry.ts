import type { Readable } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { Transaction } from 'kysely'
import type { SessionRow } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { SessionEndReason, SessionView } from '../../shared/session/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Announcements, Foundation, SessionPrincipal } from '../foundation.ts'
import type { Schema } from '../store/index.ts'
import { createEventStreams } from './event-streams.ts'
import { createLiveSockets } from './live-sockets.ts'
import { nextSessionState, resumedTimes, type SessionPolicy, sessionPolicy } from './policy.ts'
import {
  displayNameOf,
  endOf,
  factsOf,
  rolesOf,
  rowOf,
  type SessionRecord,
  sessionRecords,
  viewOf,
} from './records.ts'

type Actor = AuditEntry['actor']
const gateway: Actor = { kind: 'gateway', id: 'gateway' }

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

export interface Sessions extends Announcements {
  policy: SessionPolicy
  /** The principal behind a session certificate; asked on every request. @throws VigilError `session-ended`. */
  principalOf(certificateFingerprint: string, socket: TLSSocket): Promise<SessionPrincipal>
  /** @throws VigilError `session-elsewhere` where the account has a live session and may or would not take it over. */
  begin(session: NewSession, actor: Actor): Promise<SessionView>
  view(sessionId: string): Promise<SessionView>
  /** @throws VigilError `conflict` where the counter did not rise. */
  activity(sessionId: string, report: { counter: number; idleMs: number }): Promise<void>
  lock(sessionId: string, actor: Actor): Promise<void>
  /** The caller has proven the account anew. */
  unlock(sessionId: string, actor: Actor): Promise<SessionView>
  /** False where it was over already. Its connections are gone within a second. */
  end(sessionId: string, reason: SessionEndReason, actor: Actor): Promise<boolean>
  events(principal: SessionPrincipal): Readable
  live(): Promise<SessionRow[]>
  /** Looks at every live session once; runs by itself every `sweepMs`. */
  sweep(): Promise<void>
  /** Ends the event streams and the sweep; the sessions themselves outlive a restart. */
  close(): Promise<void>
}

/**
 * The sessions of this gateway. The table is the authority, so that what another process or gateway ends is over here as
 * well; only sockets and event streams are kept in memory. Sessions left from before are resumed.
 */
export async function createSessions(
  foundation: Foundation,
  { sweepMs = 1000, keepAliveMs = 15_000 }: { sweepMs?: number; keepAliveMs?: number } = {},
): Promise<Sessions> {
  const { store, protection, audit, clock, log, config } = foundation
  const policy = sessionPolicy(config.session)
  const streams = createEventStreams({ clock, keepAliveMs })
  const sockets = createLiveSockets()

  async function byId(id: string): Promise<SessionRecord> {
    const record = await sessionRecords(store.db).where('sessions.id', '=', id).executeTakeFirst()
    if (!record) throw new VigilError('session-ended')
    if (record.state === 'ended') throw new VigilError('session-ended', endOf(record))
    return record
  }

  /** Within a transaction; `farewell` follows its commit. */
  async function markEnded(
    trx: Transaction<Schema>,
    id: string,
    reason: SessionEndReason,
    actor: Actor,
    takenOverBy: string | null = null,
  ): Promise<boolean> {
    const result = await trx
      .updateTable('sessions')
      .set({ state: 'ended', ended_at: clock(), end_reason: reason, taken_over_by: takenOverBy })
      .where('id', '=', id)
      .where('state', '!=', 'ended')
      .executeTakeFirst()
    if (result.numUpdatedRows === 0n) return false
    await audit.append(trx, {
      action: 'session.ended',
      outcome: 'success',
      actor,
      object: { kind: 'session', id },
      detail: { reason, ...(takenOverBy === null ? {} : { byWorkstation: takenOverBy }) },
    })
    return true
  }

  /** Tells the session's workstation why, and cuts its connections. */
  function farewell(id: string, end: ReturnType<typeof endOf>): void {
    streams.end(id, { kind: 'session-ended', ...end })
    sockets.destroy(id)
  }

  async function end(id: string, reason: SessionEndReason, actor: Actor): Promise<boolean> {
    const ended = await store.transaction((trx) => markEnded(trx, id, reason, actor))
    if (ended) farewell(id, { reason, at: clock() })
    return ended
  }

  async function lock(id: string, actor: Actor): Promise<void> {
    const locked = await store.transaction(async (trx) => {
      const result = await trx
        .updateTable('sessions')
        .set({ state: 'locked', locked_at: clock() })
        .where('id', '=', id)
        .where('state', '=', 'active')
        .executeTakeFirst()
      if (result.numUpdatedRows === 0n) return false
      const object = { kind: 'session', id }
      await audit.append(trx, { action: 'session.locked', outcome: 'success', actor, object })
      return true
    })
    if (locked) streams.announce({ kind: 'session-locked', at: clock() }, { sessionId: id })
  }

  /** Brings a live session to where it stands now. @throws VigilError `session-ended`. */
  async function settle(record: SessionRecord): Promise<'active' | 'locked'> {
    const verdict = nextSessionState(factsOf(record), clock(), policy)
    if (verdict.state === 'ended') {
      await end(record.id, verdict.reason, gateway)
      throw new VigilError('session-ended', { reason: verdict.reason, at: clock() })
    }
    if (verdict.state === 'locked' && record.state === 'active') await lock(record.id, gateway)
    return verdict.state
  }

  async function touch(record: SessionRecord): Promise<void> {
    const now = clock()
    // A row is written a few times within the silence that would end it, not on every request.
    if (now - record.last_seen_at < policy.silenceMs / 10) return
    await store.db.updateTable('sessions').set({ last_seen_at: now }).where('id', '=', record.id).execute()
  }

  async function sweep(): Promise<void> {
    const records = await sessionRecords(store.db).where('sessions.state', '!=', 'ended').execute()
    for (const record of records) {
      await settle(record).catch((error: unknown) => {
        if (!(error instanceof VigilError)) throw error
      })
    }
    const live = new Set(records.map((record) => record.id))
    const here = new Set([...streams.sessions(), ...sockets.sessions()])
    for (const id of here) {
      if (live.has(id)) continue
      const record = await store.db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst()
      if (record?.state === 'ended') farewell(id, endOf(record))
    }
  }

  async function resume(): Promise<void> {
    for (const record of await sessionRecords(store.db).where('sessions.state', '!=', 'ended').execute()) {
      const times = resumedTimes(factsOf(record), clock(), policy)
      await store.db
        .updateTable('sessions')
        .set({
          last_seen_at: times.lastSeenAt,
          last_activity_at: times.lastActivityAt,
          locked_at: times.lockedAt,
        })
        .where('id', '=', record.id)
        .execute()
    }
  }

  async function begin(session: NewSession, actor: Actor): Promise<SessionView> {
    const replaced = await store.transaction(async (trx) => {
      const before = await sessionRecords(trx)
        .where('sessions.account_id', '=', session.accountId)
        .where('sessions.state', '!=', 'ended')
        .executeTakeFirst()
      if (before) await makeRoom(trx, before, session, actor)
      const now = clock()
      await trx
        .insertInto('sessions')
        .values({
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
        })
        .execute()
      await audit.append(trx, {
        action: 'sign-in.accepted',
        outcome: 'success',
        actor,
        object: { kind: 'session', id: session.id },
        detail: { certificate: session.tokenFingerprint, ...(before ? { replaced: before.id } : {}) },
      })
      return before?.id
    })
    if (replaced !== undefined) {
      const record = await store.db
        .selectFrom('sessions')
        .selectAll()
        .where('id', '=', replaced)
        .executeTakeFirstOrThrow()
      farewell(replaced, endOf(record))
    }
    return viewOf(await byId(session.id), protection, policy)
  }

  /** Ends the account's session before a new one, or refuses the new one. */
  async function makeRoom(
    trx: Transaction<Schema>,
    before: SessionRecord,
    session: NewSession,
    actor: Actor,
  ): Promise<void> {
    const verdict = nextSessionState(factsOf(before), clock(), policy)
    if (verdict.state === 'ended') {
      await markEnded(trx, before.id, verdict.reason, gateway)
      return
    }
    // The same workstation again (it crashed, or was restarted) is not a second place.
    const mayTakeOver = config.identity.secondSession === 'take-over'
    if (before.workstation_id !== session.workstation.id && !(mayTakeOver && session.takeOver)) {
      throw new VigilError('session-elsewhere', {
        workstation: before.workstation_name,
        since: before.started_at,
        mayTakeOver,
      })
    }
    await markEnded(trx, before.id, 'taken-over', actor, session.workstation.name)
  }

  await resume()
  let sweeping: Promise<void> = Promise.resolve()
  let idle = true
  const timer = setInterval(() => {
    if (!idle) return
    idle = false
    sweeping = sweep()
      .catch(() => log.error({ code: 'internal' }, 'session sweep'))
      .finally(() => {
        idle = true
      })
  }, sweepMs)
  timer.unref()

  return {
    policy,
    announce: streams.announce,
    async principalOf(certificateFingerprint, socket) {
      const record = await sessionRecords(store.db)
        .where('sessions.certificate_fingerprint', '=', certificateFingerprint)
        .executeTakeFirst()
      if (!record) throw new VigilError('session-ended')
      if (record.state === 'ended') throw new VigilError('session-ended', endOf(record))
      const state = await settle(record)
      await touch(record)
      sockets.track(record.id, socket)
      return {
        kind: 'session',
        sessionId: record.id,
        accountId: record.account_id,
        displayName: displayNameOf(record, protection),
        roles: rolesOf(record),
        workstationId: record.workstation_id,
        locked: state === 'locked',
      }
    },
    begin,
    view: async (id) => viewOf(await byId(id), protection, policy),
    async activity(id, { counter, idleMs }) {
      const now = clock()
      const record = await byId(id)
      const result = await store.db
        .updateTable('sessions')
        .set({
          activity_counter: counter,
          last_seen_at: now,
          // Input at a locked screen is a sign of life, not work; only an unlock is.
          last_activity_at:
            record.state === 'locked'
              ? record.last_activity_at
              : Math.max(record.last_activity_at, now - idleMs),
        })
        .where('id', '=', id)
        .where('state', '!=', 'ended')
        .where('activity_counter', '<', counter)
        .executeTakeFirst()
      if (result.numUpdatedRows === 0n) throw new VigilError('conflict', { field: 'counter' })
    },
    lock,
    async unlock(id, actor) {
      await store.transaction(async (trx) => {
        const now = clock()
        const result = await trx
          .updateTable('sessions')
          .set({ state: 'active', locked_at: null, last_activity_at: now, last_seen_at: now })
          .where('id', '=', id)
          .where('state', '=', 'locked')
          .executeTakeFirst()
        if (result.numUpdatedRows === 0n) return
        const object = { kind: 'session', id }
        await audit.append(trx, { action: 'session.unlocked', outcome: 'success', actor, object })
      })
      return viewOf(await byId(id), protection, policy)
    },
    end,
    events: (principal) => streams.open(principal),
    async live() {
      const records = await sessionRecords(store.db)
        .where('sessions.state', '!=', 'ended')
        .orderBy('sessions.started_at')
        .execute()
      return records.map((record) => rowOf(record, protection))
    },
    sweep,
    async close() {
      clearInterval(timer)
      streams.close()
      await sweeping
    },
  }
}
