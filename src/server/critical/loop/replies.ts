import type { Transaction } from 'kysely'
import { type AlertEvent, isReleased, type ReplySource } from '../../../shared/alert/index.ts'
import type { ErrorCode } from '../../../shared/errors/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Announcements, Foundation } from '../../foundation.ts'
import type { Problem } from '../../hl7/index.ts'
import type { DamageReports } from '../../integrity/index.ts'
import { IntegrityError } from '../../protection/index.ts'
import type { Schema } from '../../store/index.ts'
import type { AlertEvents, AlertStanding } from '../alerts/alert-events.ts'
import type { Outbox } from '../delivery/outbox.ts'
import { Reply } from './reply.ts'

/** Which way an answer came, and from whom. */
export interface ReplyOrigin {
  source: Exclude<ReplySource, 'phone'>
  /** The hospital system, by the name that the configuration gives it: reply ids are its own. */
  system: string
  /** Network address, where it came by one. */
  address?: string
  /** The account that sent it again by hand out of quarantine. */
  by?: string
}

/**
 * What became of an answer. `late`: the alert had been withdrawn; it is on record and the reporter is called on.
 * A refusal names the field, never its value.
 */
export type TakenReply =
  | { outcome: 'taken' | 'duplicate' | 'late' }
  | {
      outcome: 'refused'
      code: Extract<ErrorCode, 'bad-request' | 'not-found' | 'conflict' | 'internal'>
      field: string
    }

/** A refusal, in the words of the quarantine. */
export function problemOf({ code, field }: Extract<TakenReply, { outcome: 'refused' }>): Problem {
  const reasons = {
    'bad-request': 'value',
    'not-found': 'unknown',
    conflict: 'conflict',
    internal: 'internal',
  } as const
  return { reason: reasons[code], where: field }
}

/** Takes one answer in, whichever way it came; the same answer may come any number of times, and by several ways. */
export type TakeReply = (candidate: unknown, origin: ReplyOrigin) => Promise<TakenReply>

export function createReplies(deps: {
  foundation: Foundation
  announcements: Announcements
  damage: DamageReports
  events: AlertEvents
  outbox: Outbox
  /** The standing of this alert is damaged. @returns false where it cannot be made good. */
  mend: (alertId: string) => Promise<boolean>
}): TakeReply {
  const { foundation, announcements, damage, events, outbox, mend } = deps
  const { store, protection, audit, clock, log } = foundation

  /** The same answer comes again with its id, or by another way with another id but the same content. */
  function indexesOf({ id, alertId, step, by, at }: Reply, { system }: ReplyOrigin) {
    const index = (...parts: (string | number)[]) => protection.blindIndex('reply', JSON.stringify(parts))
    return {
      // Systems that keep one record of an alert send both steps under its id.
      byId: index('id', system, id, step),
      // To the second: not every form carries more.
      byContent: index('content', alertId, step, by.id || by.name, Math.floor(at / 1000)),
    }
  }

  async function record(trx: Transaction<Schema>, reply: Reply, origin: ReplyOrigin): Promise<Recorded> {
    const { alertId } = reply
    const row = await trx
      .selectFrom('alert_standings')
      .selectAll()
      .where('alert_id', '=', alertId)
      .executeTakeFirst()
    // What has not gone out is nobody's to know of.
    const before = row && events.opened(row)
    if (!before || !isReleased(before.state))
      return { outcome: 'refused', code: 'not-found', field: 'alertId' }

    const { byId, byContent } = indexesOf(reply, origin)
    const known = await trx
      .selectFrom('alert_replies')
      .select(['reply_index', 'alert_id'])
      .where('reply_index', 'in', [byId, byContent])
      .execute()
    const sameId = known.find((one) => one.reply_index === byId)
    if (sameId && sameId.alert_id !== alertId) return { outcome: 'refused', code: 'conflict', field: 'id' }
    const missing = [byId, byContent].filter((index) => !known.some((one) => one.reply_index === index))
    if (missing.length > 0)
      await trx
        .insertInto('alert_replies')
        .values(missing.map((index) => ({ reply_index: index, alert_id: alertId, taken_at: clock() })))
        .execute()
    if (known.length > 0) return { outcome: 'duplicate' }

    const standing = await events.append(trx, alertId, eventOf(reply, origin.source), actorOf(origin))
    // Who was to be told next need not be any more.
    await outbox.overtake(trx, alertId, 'escalation')
    return { outcome: before.state.status === 'withdrawn' ? 'late' : 'taken', standing }
  }

  async function refused(
    { code, field }: Extract<TakenReply, { outcome: 'refused' }>,
    origin: ReplyOrigin,
    alertId?: string,
  ): Promise<TakenReply> {
    log.warn({ system: origin.system, source: origin.source, code, field }, 'reply refused')
    await audit.record({
      action: 'reply.refused',
      outcome: 'refused',
      actor: actorOf(origin),
      ...(alertId === undefined ? {} : { object: { kind: 'alert', id: alertId } }),
      detail: { source: origin.source, code, field },
    })
    return { outcome: 'refused', code, field }
  }

  return async (candidate, origin) => {
    const parsed = Reply.safeParse(candidate)
    if (!parsed.success) {
      const field = parsed.error.issues[0]?.path.map(String).join('.') || 'reply'
      return refused({ outcome: 'refused', code: 'bad-request', field }, origin)
    }
    const reply = parsed.data
    const attempt = () => store.transaction((trx) => record(trx, reply, origin))
    const recorded = await attempt().catch(async (error: unknown) => {
      if (!(error instanceof IntegrityError)) throw error
      await damage.report(error.place)
      if (await mend(reply.alertId)) return attempt()
      return { outcome: 'refused', code: 'internal', field: 'alertId' } as const
    })
    if (recorded.outcome === 'refused') return refused(recorded, origin, reply.alertId)
    if (!('standing' in recorded)) return recorded
    const { outcome, standing } = recorded
    events.announce(standing, outcome === 'late' ? 'answered-late' : undefined)
    announcements.announce({ kind: 'worklist-changed' })
    return { outcome }
  }
}

type Recorded =
  | Extract<TakenReply, { outcome: 'refused' }>
  | { outcome: 'duplicate' }
  | { outcome: 'taken' | 'late'; standing: AlertStanding }

function eventOf({ step, by, readBack, measure, opinion, at }: Reply, source: ReplySource): AlertEvent {
  return step === 'received'
    ? { kind: 'received', by, readBack, source, at }
    : { kind: 'handled', by, measure, opinion, source, at }
}

function actorOf({ source, system, address, by }: ReplyOrigin): AuditEntry['actor'] {
  const actor: AuditEntry['actor'] =
    by === undefined ? { kind: 'interface', id: `${source}:${system}` } : { kind: 'account', id: by }
  return address ? { ...actor, address } : actor
}
