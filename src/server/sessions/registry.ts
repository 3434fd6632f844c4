import type { Readable } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { SessionRow } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { SessionEndReason, SessionView } from '../../shared/session/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Announcements, Foundation, SessionPrincipal } from '../foundation.ts'
import { createDamageReports } from '../integrity/index.ts'
import { createBegin, type NewSession } from './begin.ts'
import { createEventStreams } from './event-streams.ts'
import { createLiveSockets } from './live-sockets.ts'
import { type SessionPolicy, sessionPolicy } from './policy.ts'
import {
  displayNameOf,
  endOf,
  rolesOf,
  rowOf,
  type SessionRecord,
  sessionRecords,
  viewOf,
} from './records.ts'
import { createTransitions } from './transitions.ts'
import { createWatch } from './watch.ts'

type Actor = AuditEntry['actor']

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
  /** Ends the event streams and the sweep; the sessions themselves outlive a restart. May be called twice. */
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
  const { store, protection, clock, policies } = foundation
  const policy = sessionPolicy(policies.current().session)
  const damage = createDamageReports(foundation)
  const streams = createEventStreams({ clock, keepAliveMs })
  const sockets = createLiveSockets()
  const transitions = createTransitions(foundation, { policy, streams, sockets })
  const begin = createBegin(foundation, { policy, transitions })
  const watch = createWatch(foundation, { policy, transitions, streams, sockets })

  function mustLive(record: SessionRecord | undefined): SessionRecord {
    if (!record) throw new VigilError('session-ended')
    if (record.state === 'ended') throw new VigilError('session-ended', endOf(record))
    return record
  }

  async function view(id: string): Promise<SessionView> {
    const record = await sessionRecords(store.db).where('sessions.id', '=', id).executeTakeFirst()
    const live = mustLive(record)
    return whole(() => viewOf(live, protection, policy))
  }

  /** Whoever's name was damaged does not work under another: refused, and reported. */
  async function whole<T>(read: () => T): Promise<T> {
    try {
      return read()
    } catch (error) {
      throw await damage.refusal(error)
    }
  }

  async function touch(record: SessionRecord): Promise<void> {
    const now = clock()
    // A row is written a few times within the silence that would end it, not on every request.
    if (now - record.last_seen_at < policy.silenceMs / 10) return
    await store.db.updateTable('sessions').set({ last_seen_at: now }).where('id', '=', record.id).execute()
  }

  await watch.resume()
  watch.start(sweepMs)

  return {
    policy,
    announce: streams.announce,
    async principalOf(certificateFingerprint, socket) {
      const record = mustLive(
        await sessionRecords(store.db)
          .where('sessions.certificate_fingerprint', '=', certificateFingerprint)
          .executeTakeFirst(),
      )
      const state = await transitions.settle(record)
      await touch(record)
      sockets.track(record.id, socket)
      return {
        kind: 'session',
        sessionId: record.id,
        accountId: record.account_id,
        displayName: await whole(() => displayNameOf(record, protection)),
        roles: rolesOf(record),
        workstationId: record.workstation_id,
        locked: state === 'locked',
      }
    },
    async begin(session, actor) {
      await begin(session, actor)
      return view(session.id)
    },
    view,
    async activity(id, { counter, idleMs }) {
      const now = clock()
      const result = await store.db
        .updateTable('sessions')
        .set((eb) => ({
          activity_counter: counter,
          last_seen_at: now,
          // Input at a locked screen is a sign of life, not work; only an unlock is.
          last_activity_at: eb
            .case()
            .when(eb.and([eb('state', '=', 'active'), eb('last_activity_at', '<', now - idleMs)]))
            .then(now - idleMs)
            .else(eb.ref('last_activity_at'))
            .end(),
        }))
        .where('id', '=', id)
        .where('state', '!=', 'ended')
        .where('activity_counter', '<', counter)
        .executeTakeFirst()
      if (result.numUpdatedRows === 0n) throw new VigilError('conflict', { field: 'counter' })
    },
    lock: transitions.lock,
    async unlock(id, actor) {
      await transitions.unlock(id, actor)
      return view(id)
    },
    end: transitions.end,
    events: (principal) => streams.open(principal),
    async live() {
      const records = await sessionRecords(store.db)
        .where('sessions.state', '!=', 'ended')
        .orderBy('sessions.started_at')
        .execute()
      const rows: SessionRow[] = []
      for (const record of records) rows.push(await rowOf(record, protection, damage))
      return rows
    },
    sweep: watch.sweep,
    async close() {
      streams.close()
      await watch.stop()
    },
  }
}
