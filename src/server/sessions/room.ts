import type { Transaction } from 'kysely'
import { VigilError } from '../../shared/errors/index.ts'
import type { SecurityPolicy } from '../../shared/policy/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Schema } from '../store/index.ts'
import type { NewSession } from './begin.ts'
import type { LivePolicy } from './live-policy.ts'
import { factsOf, liveStates, type SessionRecord, sessionRecords } from './records.ts'
import type { Transitions } from './transitions.ts'

type Actor = AuditEntry['actor']

/** A session that has just begun has no connection yet; only after this long, in ms, is that the sign of a dead one. */
const settlingMs = 10_000

/** What gives way to a session about to begin. */
export interface Room {
  /**
   * Ends the account's session elsewhere, the one that this one replaces, and what a crashed workstation left behind.
   * @returns the ids of those that it ended; `farewell` is to follow the commit.
   * @throws VigilError `session-elsewhere`, or `conflict` where `replaces` is not a locked session of this workstation.
   */
  make(trx: Transaction<Schema>, session: NewSession, actor: Actor): Promise<string[]>
}

export function createRoom(deps: {
  clock: Clock
  policy: LivePolicy
  transitions: Transitions
  connected(sessionId: string): boolean
  rules(): SecurityPolicy['session']
}): Room {
  const { clock, policy, transitions, connected, rules } = deps
  const liveRecords = (trx: Transaction<Schema>) =>
    sessionRecords(trx).where('sessions.state', 'in', liveStates)

  /** Ends it where it is over by rule, and says so. */
  async function isOver(trx: Transaction<Schema>, record: SessionRecord): Promise<boolean> {
    const verdict = policy.judge(factsOf(record))
    if (verdict.state !== 'ended') return false
    await transitions.markEnded(trx, record.id, { reason: verdict.reason })
    return true
  }

  async function own(trx: Transaction<Schema>, session: NewSession, actor: Actor): Promise<string[]> {
    const before = await liveRecords(trx)
      .where('sessions.account_id', '=', session.accountId)
      .executeTakeFirst()
    if (!before) return []
    if (await isOver(trx, before)) return [before.id]
    // The same workstation again (it crashed, or was restarted) is not a second place.
    const mayTakeOver = rules().secondSession === 'take-over'
    if (before.workstation_id !== session.workstation.id && !(mayTakeOver && session.takeOver)) {
      throw new VigilError('session-elsewhere', {
        workstation: before.workstation_name,
        since: before.started_at,
        mayTakeOver,
      })
    }
    const takenOverBy = session.workstation.name
    await transitions.markEnded(trx, before.id, { reason: 'taken-over', actor, takenOverBy })
    return [before.id]
  }

  /** Fast user switching: one person's locked session gives way to the next person at the same workstation. */
  async function replaced(trx: Transaction<Schema>, session: NewSession, actor: Actor): Promise<string[]> {
    if (session.replaces === undefined) return []
    const record = await sessionRecords(trx)
      .where('sessions.id', '=', session.replaces)
      .where('sessions.workstation_id', '=', session.workstation.id)
      .executeTakeFirst()
    if (!record) throw new VigilError('conflict', { field: 'replaces' })
    // It ended by itself meanwhile, or just now as the account's own: there is nothing left to replace.
    if (record.state === 'ended') return []
    if (await isOver(trx, record)) return [record.id]
    if (policy.judge(factsOf(record)).state !== 'locked')
      throw new VigilError('conflict', { field: 'replaces' })
    await transitions.markEnded(trx, record.id, { reason: 'switched-user', actor })
    return [record.id]
  }

  /** Others' sessions at the same workstation that nobody is behind any more, where they stand in the way. */
  async function leftBehind(trx: Transaction<Schema>, session: NewSession, actor: Actor): Promise<string[]> {
    const there = await liveRecords(trx)
      .where('sessions.workstation_id', '=', session.workstation.id)
      .execute()
    if (there.length < rules().caps.perWorkstation) return []
    const ended: string[] = []
    for (const record of there) {
      if (await isOver(trx, record)) ended.push(record.id)
      else if (!connected(record.id) && clock() - record.started_at >= settlingMs) {
        await transitions.markEnded(trx, record.id, { reason: 'switched-user', actor })
        ended.push(record.id)
      }
    }
    return ended
  }

  return {
    make: async (trx, session, actor) => [
      ...(await own(trx, session, actor)),
      ...(await replaced(trx, session, actor)),
      ...(await leftBehind(trx, session, actor)),
    ],
  }
}
