import type { Transaction } from 'kysely'
import { VigilError } from '../../shared/errors/index.ts'
import type { SessionEndReason } from '../../shared/session/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Schema } from '../store/index.ts'
import type { EventStreams } from './event-streams.ts'
import type { LivePolicy } from './live-policy.ts'
import type { LiveSockets } from './live-sockets.ts'
import { endOf, factsOf, liveStates, type SessionRecord } from './records.ts'

type Actor = AuditEntry['actor']
const gateway: Actor = { kind: 'gateway', id: 'gateway' }

export interface SessionEnd {
  reason: SessionEndReason
  /** The gateway itself, where it is not named. */
  actor?: Actor
  takenOverBy?: string
  /** An officer's words, for the audit. */
  because?: string | undefined
}

/** The changes of a session's state, each with its audit row in one transaction, and what its workstation is told after. */
export interface Transitions {
  /** Within a caller's transaction; `farewell` is to follow its commit. False where it was over already. */
  markEnded(trx: Transaction<Schema>, id: string, end: SessionEnd): Promise<boolean>
  /** Tells the session's workstation why it is over, and cuts its connections. */
  farewell(id: string, end: ReturnType<typeof endOf>): void
  end(id: string, end: SessionEnd): Promise<boolean>
  lock(id: string, actor: Actor): Promise<void>
  unlock(id: string, actor: Actor): Promise<void>
  /** Brings a live session to where it stands now. @throws VigilError `session-ended`. */
  settle(record: SessionRecord): Promise<'active' | 'locked'>
}

export function createTransitions(
  { store, audit }: Foundation,
  deps: { clock: Clock; policy: LivePolicy; streams: EventStreams; sockets: LiveSockets },
): Transitions {
  const { clock, policy, streams, sockets } = deps

  const markEnded: Transitions['markEnded'] = async (trx, id, ended) => {
    const { reason, actor = gateway, takenOverBy, because } = ended
    const result = await trx
      .updateTable('sessions')
      .set({ state: 'ended', ended_at: clock(), end_reason: reason, taken_over_by: takenOverBy ?? null })
      .where('id', '=', id)
      .where('state', 'in', liveStates)
      .executeTakeFirst()
    if (result.numUpdatedRows === 0n) return false
    await audit.append(trx, {
      action: 'session.ended',
      outcome: 'success',
      actor,
      object: { kind: 'session', id },
      detail: {
        reason,
        ...(takenOverBy === undefined ? {} : { byWorkstation: takenOverBy }),
        ...(because === undefined ? {} : { because }),
      },
    })
    return true
  }

  const farewell: Transitions['farewell'] = (id, end) => {
    streams.end(id, { kind: 'session-ended', ...end })
    sockets.destroy(id)
  }

  const end: Transitions['end'] = async (id, how) => {
    const ended = await store.transaction((trx) => markEnded(trx, id, how))
    if (ended) farewell(id, { reason: how.reason, at: clock() })
    return ended
  }

  /** How a session ended that somebody else ended first. */
  const endedAs = async (id: string, reason: SessionEndReason): Promise<ReturnType<typeof endOf>> => {
    const row = await store.db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? endOf(row) : { reason, at: clock() }
  }

  /** From one live state to the other; false where the session was not in the first. */
  const change = (
    id: string,
    action: 'session.locked' | 'session.unlocked',
    from: 'active' | 'locked',
    to: () => Partial<Schema['sessions']>,
    actor: Actor,
  ): Promise<boolean> =>
    store.transaction(async (trx) => {
      const result = await trx
        .updateTable('sessions')
        .set(to())
        .where('id', '=', id)
        .where('state', '=', from)
        .executeTakeFirst()
      if (result.numUpdatedRows === 0n) return false
      await audit.append(trx, { action, outcome: 'success', actor, object: { kind: 'session', id } })
      return true
    })

  const lock: Transitions['lock'] = async (id, actor) => {
    const to = () => ({ state: 'locked', locked_at: clock() }) as const
    const locked = await change(id, 'session.locked', 'active', to, actor)
    if (locked) streams.announce({ kind: 'session-locked', at: clock() }, { sessionId: id })
  }

  return {
    markEnded,
    farewell,
    end,
    lock,
    async unlock(id, actor) {
      const to = () =>
        ({ state: 'active', locked_at: null, last_activity_at: clock(), last_seen_at: clock() }) as const
      await change(id, 'session.unlocked', 'locked', to, actor)
    },
    async settle(record) {
      const verdict = policy.judge(factsOf(record))
      if (verdict.state === 'ended') {
        await end(record.id, { reason: verdict.reason })
        throw new VigilError('session-ended', await endedAs(record.id, verdict.reason))
      }
      if (verdict.state === 'locked' && record.state === 'active') await lock(record.id, gateway)
      return verdict.state
    },
  }
}
