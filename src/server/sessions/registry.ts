import type { Readable } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { SessionRow } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { SessionEndReason, SessionView } from '../../shared/session/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Announcements, Foundation, SessionPrincipal } from '../foundation.ts'
import { createDamageReports } from '../integrity/index.ts'
import { type ActivityReport, createActivity } from './activity.ts'
import { createBegin, type NewSession } from './begin.ts'
import { createClockSteps } from './clock-steps.ts'
import { createEventStreams } from './event-streams.ts'
import { createLivePolicy } from './live-policy.ts'
import { createLiveSockets } from './live-sockets.ts'
import type { SessionPolicy } from './policy.ts'
import { createPresented } from './presented.ts'
import {
  displayNameOf,
  endOf,
  liveStates,
  rolesOf,
  rowOf,
  type SessionRecord,
  sessionRecords,
  viewOf,
} from './records.ts'
import { createSessionClock } from './session-clock.ts'
import { createTransitions } from './transitions.ts'
import { createWatch } from './watch.ts'

type Actor = AuditEntry['actor']

export interface Sessions extends Announcements {
  /** The times in force; they may change with each look. */
  readonly policy: SessionPolicy
  /** The principal behind a session certificate; asked on every request. @throws VigilError `session-ended`. */
  principalOf(certificateFingerprint: string, socket: TLSSocket): Promise<SessionPrincipal>
  /**
   * @throws VigilError `session-elsewhere` where the account has a live session and may or would not take it over;
   * `session-cap`, `conflict` (field `replaces`), `account-disabled`, `session-ended`.
   */
  begin(session: NewSession, actor: Actor): Promise<SessionView>
  view(sessionId: string): Promise<SessionView>
  /** @throws VigilError `signature-invalid`, `conflict` where the counter did not rise, `too-many-requests`. */
  activity(
    session: SessionPrincipal,
    report: ActivityReport,
    channel: { socket: TLSSocket; address: string },
  ): Promise<void>
  lock(sessionId: string, actor: Actor): Promise<void>
  /** The caller has proven the account anew. */
  unlock(sessionId: string, actor: Actor): Promise<SessionView>
  /** False where it was over already. Its connections are gone within a second. `because`: an officer's words, audited. */
  end(sessionId: string, reason: SessionEndReason, actor: Actor, because?: string): Promise<boolean>
  events(principal: SessionPrincipal): Readable
  /** How many event streams are open here. */
  streams(): number
  live(): Promise<SessionRow[]>
  /** Looks at every live session once; runs by itself every `sweepMs`. After a revocation: ends what it must, at once. */
  sweep(): Promise<void>
  /** Ends the event streams and the sweep; the sessions themselves outlive a restart. May be called twice. */
  close(): Promise<void>
}

interface SessionsOptions {
  sweepMs?: number
  keepAliveMs?: number
  /** Milliseconds that truly passed; cannot be set. */
  elapsed?: Clock
  /** When the account's password ends, from the day that its person is to be warned; otherwise null. */
  passwordEndsAt?: (accountId: string) => Promise<number | null>
}

/**
 * The sessions of this gateway. The table is the authority, so that what another process or gateway ends is over here as
 * well; only sockets and event streams are kept in memory. Sessions left from before are resumed.
 */
export async function createSessions(
  foundation: Foundation,
  options: SessionsOptions = {},
): Promise<Sessions> {
  const {
    sweepMs = 1000,
    keepAliveMs = 15_000,
    elapsed = () => performance.now(),
    passwordEndsAt = async () => null,
  } = options
  const { store, protection, policies } = foundation
  const sessionClock = createSessionClock(foundation.clock, elapsed)
  const clock = sessionClock.now
  const policy = createLivePolicy(policies, clock)
  const damage = createDamageReports(foundation)
  const streams = createEventStreams({ clock, keepAliveMs })
  const sockets = createLiveSockets()
  const steps = createClockSteps(foundation, { clock: sessionClock, policy })
  const transitions = createTransitions(foundation, { clock, policy, streams, sockets })
  const connected = (id: string) => streams.has(id) || sockets.has(id)
  const begin = createBegin(foundation, { clock, policy, transitions, connected })
  const activity = createActivity(foundation, { clock, elapsed })
  const presented = createPresented(store)
  const watch = createWatch(foundation, { steps, transitions, streams, sockets })

  function mustLive(record: SessionRecord | undefined): SessionRecord {
    if (!record) throw new VigilError('session-ended')
    if (record.state === 'ended') throw new VigilError('session-ended', endOf(record))
    return record
  }

  async function view(id: string): Promise<SessionView> {
    const record = await sessionRecords(store.db).where('sessions.id', '=', id).executeTakeFirst()
    const live = mustLive(record)
    const passwordEnds = await passwordEndsAt(live.account_id)
    return whole(() => viewOf(live, { protection, policy: policy.current(), passwordEndsAt: passwordEnds }))
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
    if (Math.abs(now - record.last_seen_at) < policy.current().silenceMs / 10) return
    await store.db.updateTable('sessions').set({ last_seen_at: now }).where('id', '=', record.id).execute()
  }

  await steps.resume()
  watch.start(sweepMs)
  const stopListening = policy.onChange(({ lockAfterMs, activityEveryMs }) =>
    streams.announce({ kind: 'policy-changed', lockAfterMs, activityEveryMs }),
  )

  return {
    get policy() {
      return policy.current()
    },
    announce: streams.announce,
    async principalOf(certificateFingerprint, socket) {
      const record = mustLive(await presented(certificateFingerprint))
      const state = await transitions.settle(record)
      await touch(record)
      sockets.track(record.id, socket)
      return {
        kind: 'session',
        sessionId: record.id,
        accountId: record.account_id,
        displayName: await whole(() => presented.nameOf(record, () => displayNameOf(record, protection))),
        roles: rolesOf(record),
        workstationId: record.workstation_id,
        factor: record.factor,
        clearance: record.clearance,
        locked: state === 'locked',
      }
    },
    async begin(session, actor) {
      await begin(session, actor)
      return view(session.id)
    },
    view,
    activity,
    lock: transitions.lock,
    async unlock(id, actor) {
      await transitions.unlock(id, actor)
      return view(id)
    },
    end: (id, reason, actor, because) => transitions.end(id, { reason, actor, because }),
    events: (principal) => streams.open(principal),
    streams: streams.count,
    async live() {
      const records = await sessionRecords(store.db)
        .where('sessions.state', 'in', liveStates)
        .orderBy('sessions.started_at')
        .execute()
      const rows: SessionRow[] = []
      for (const record of records) rows.push(await rowOf(record, protection, damage, policy.current()))
      return rows
    },
    sweep: watch.sweep,
    async close() {
      stopListening()
      streams.close()
      await watch.stop()
    },
  }
}
