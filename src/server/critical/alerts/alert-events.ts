import type { Transaction } from 'kysely'
import { z } from 'zod'
import {
  type AlertEvent,
  AlertEvent as AlertEventSchema,
  AlertState,
  nextAlertState,
  Recipient,
  type RecordedEvent,
} from '../../../shared/alert/index.ts'
import { CriticalLevel, RecipientKind } from '../../../shared/critical/model.ts'
import type { AlertAttention } from '../../../shared/session/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Announcements, Foundation } from '../../foundation.ts'
import { IntegrityError, type Place } from '../../protection/index.ts'
import type { Queries, Schema } from '../../store/index.ts'
import { RaisedAlert } from './raised-alert.ts'

/** The sum of an alert's events: where it stands, who is to answer, and what its next deadline needs to know. */
export const AlertStanding = z.object({
  alertId: z.string(),
  state: AlertState,
  level: CriticalLevel,
  /** The one it was raised for, moved to, or last escalated to. */
  recipient: Recipient,
  ward: z.string(),
  bed: z.string(),
  /** Who looked a second time (双人核对); null where nobody did. */
  checkedBy: z.string().nullable(),
  timing: RaisedAlert.shape.timing,
  escalation: z.array(RecipientKind),
  reporterId: z.string(),
})
export type AlertStanding = z.infer<typeof AlertStanding>

const eventPlace = (row: string): Place => ({ table: 'alert_events', column: 'sealed_event', row })
const standingPlace = (row: string): Place => ({ table: 'alert_standings', column: 'sealed_standing', row })

/**
 * The one way in which anything happens to an alert: an event is recorded, the standing follows from it, and both are
 * audited, in the caller's transaction.
 */
export interface AlertEvents {
  /** Records `raised`; the alert's row must be there. */
  begin(trx: Transaction<Schema>, alert: RaisedAlert, actor?: AuditEntry['actor']): Promise<AlertStanding>
  /** @throws IntegrityError where the standing was changed by somebody else than this. */
  append(
    trx: Transaction<Schema>,
    alertId: string,
    event: AlertEvent,
    actor?: AuditEntry['actor'],
  ): Promise<AlertStanding>
  /** @throws IntegrityError */
  standing(queries: Queries, alertId: string): Promise<AlertStanding>
  /** A row of `alert_standings`, opened and held against its clear columns. @throws IntegrityError */
  opened(row: Schema['alert_standings']): AlertStanding
  /** Oldest first. @throws IntegrityError */
  of(queries: Queries, alertId: string): Promise<RecordedEvent[]>
  /**
   * Writes the standing anew from the alert and its events, where its row was changed or is lost. Events that were changed
   * are passed over: an alert that stands further back than it should is only told once more. `damaged` names them.
   */
  restore(
    trx: Transaction<Schema>,
    alert: RaisedAlert,
  ): Promise<{ standing: AlertStanding; damaged: Place[] }>
  /** Once the transaction has committed: tells everybody who may see alerts, and calls on people where it must be noticed now. */
  announce(standing: AlertStanding, why?: AlertAttention['why']): void
}

export function createAlertEvents(
  foundation: Pick<Foundation, 'protection' | 'audit' | 'clock' | 'gatewayId'>,
  deps: { announcements: Announcements; newId: () => string },
): AlertEvents {
  const { protection, audit, clock, gatewayId } = foundation
  const { announcements, newId } = deps

  function opened(row: Schema['alert_standings']): AlertStanding {
    const place = standingPlace(row.alert_id)
    const standing = AlertStanding.parse(JSON.parse(protection.open(place, row.sealed_standing)))
    if (row.status !== standing.state.status || row.due_at !== (standing.state.due?.at ?? null))
      throw new IntegrityError({ ...place, column: 'status' })
    return standing
  }

  async function standing(queries: Queries, alertId: string): Promise<AlertStanding> {
    const row = await queries
      .selectFrom('alert_standings')
      .selectAll()
      .where('alert_id', '=', alertId)
      .executeTakeFirst()
    if (!row) throw new IntegrityError(standingPlace(alertId))
    return opened(row)
  }

  function rowOf(now: AlertStanding, at: number): Schema['alert_standings'] {
    return {
      alert_id: now.alertId,
      status: now.state.status,
      due_at: now.state.due?.at ?? null,
      sealed_standing: protection.seal(standingPlace(now.alertId), JSON.stringify(now)),
      changed_at: at,
    }
  }

  async function record(
    trx: Transaction<Schema>,
    alertId: string,
    event: AlertEvent,
    at: number,
    actor: AuditEntry['actor'],
  ): Promise<void> {
    const id = newId()
    await trx
      .insertInto('alert_events')
      .values({
        id,
        alert_id: alertId,
        kind: event.kind,
        recorded_at: at,
        sealed_event: protection.seal(eventPlace(id), JSON.stringify({ alertId, at, event })),
      })
      .execute()
    await audit.append(trx, {
      action: `alert.${event.kind}`,
      outcome: event.kind === 'refused' ? 'refused' : 'success',
      actor,
      object: { kind: 'alert', id: alertId },
      detail: { ...event },
    })
  }

  function rowsOf(queries: Queries, alertId: string): Promise<Schema['alert_events'][]> {
    return queries
      .selectFrom('alert_events')
      .selectAll()
      .where('alert_id', '=', alertId)
      .orderBy('id')
      .execute()
  }

  /** Held against its clear columns: neither to whom it happened nor when can be changed. @throws IntegrityError */
  function openedEvent(row: Schema['alert_events']): RecordedEvent {
    const kept = JSON.parse(protection.open(eventPlace(row.id), row.sealed_event))
    if (kept.alertId !== row.alert_id || kept.at !== row.recorded_at)
      throw new IntegrityError(eventPlace(row.id))
    return { id: row.id, recordedAt: row.recorded_at, event: AlertEventSchema.parse(kept.event) }
  }

  const gateway: AuditEntry['actor'] = { kind: 'gateway', id: gatewayId }

  return {
    opened,
    standing,
    async begin(trx, alert, actor = { kind: 'account', id: alert.reporter.accountId }) {
      const at = clock()
      const event: AlertEvent = { kind: 'raised' }
      await record(trx, alert.id, event, at, actor)
      const now = firstStanding(alert, at)
      await trx.insertInto('alert_standings').values(rowOf(now, at)).execute()
      return now
    },
    async append(trx, alertId, event, actor = gateway) {
      const at = clock()
      const before = await standing(trx, alertId)
      await record(trx, alertId, event, at, actor)
      const now = standingAfter(before, event, at)
      const { alert_id: _, ...change } = rowOf(now, at)
      await trx.updateTable('alert_standings').set(change).where('alert_id', '=', alertId).execute()
      return now
    },
    async of(queries, alertId) {
      return (await rowsOf(queries, alertId)).map(openedEvent)
    },
    async restore(trx, alert) {
      const damaged: Place[] = []
      const kept: RecordedEvent[] = []
      for (const row of await rowsOf(trx, alert.id)) {
        try {
          kept.push(openedEvent(row))
        } catch (error) {
          if (!(error instanceof IntegrityError)) throw error
          damaged.push(error.place)
        }
      }
      const now = kept.reduce(
        (before, { event, recordedAt }) =>
          event.kind === 'raised' ? before : standingAfter(before, event, recordedAt),
        firstStanding(alert, alert.raisedAt),
      )
      const row = rowOf(now, clock())
      await trx
        .insertInto('alert_standings')
        .values(row)
        .onConflict((conflict) => conflict.column('alert_id').doUpdateSet(row))
        .execute()
      await audit.append(trx, {
        action: 'alert.standing-restored',
        outcome: 'success',
        actor: gateway,
        object: { kind: 'alert', id: alert.id },
        detail: { status: now.state.status, events: kept.length, damaged: damaged.length },
      })
      return { standing: now, damaged }
    },
    announce(now, why) {
      announcements.announce({ kind: 'alert-changed', alertId: now.alertId })
      if (why)
        announcements.announce(
          { kind: 'alert-attention', alertId: now.alertId, level: now.level, why },
          // Whoever is free checks, and telephones where nobody answers: everything else is the reporter's.
          why === 'check-requested' || why === 'exhausted' ? {} : { accountId: now.reporterId },
        )
    },
  }
}

function firstStanding(alert: RaisedAlert, at: number): AlertStanding {
  return {
    alertId: alert.id,
    state: nextAlertState(null, { kind: 'raised' }, at, alert.timing),
    level: alert.level,
    recipient: alert.recipient,
    ward: alert.patient.ward,
    bed: alert.patient.bed,
    checkedBy: null,
    timing: alert.timing,
    escalation: alert.escalation,
    reporterId: alert.reporter.accountId,
  }
}

function standingAfter(before: AlertStanding, event: AlertEvent, at: number): AlertStanding {
  return {
    ...before,
    state: nextAlertState(before.state, event, at, before.timing),
    ...(event.kind === 'escalated' || event.kind === 'rerouted' ? { recipient: event.to } : {}),
    ...(event.kind === 'checked' ? { checkedBy: event.by.name } : {}),
    ...(event.kind === 'rerouted' ? { ward: event.ward, bed: event.bed } : {}),
  }
}
