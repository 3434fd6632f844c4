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
  begin(trx: Transaction<Schema>, alert: RaisedAlert): Promise<AlertStanding>
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
  of(alertId: string): Promise<RecordedEvent[]>
  /** Once the transaction has committed: tells everybody who may see alerts, and calls on people where it must be noticed now. */
  announce(standing: AlertStanding, why?: AlertAttention['why']): void
}

export function createAlertEvents(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock' | 'gatewayId'>,
  deps: { announcements: Announcements; newId: () => string },
): AlertEvents {
  const { store, protection, audit, clock, gatewayId } = foundation
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
        sealed_event: protection.seal(eventPlace(id), JSON.stringify({ alertId, event })),
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

  const gateway: AuditEntry['actor'] = { kind: 'gateway', id: gatewayId }

  return {
    opened,
    standing,
    async begin(trx, alert) {
      const at = clock()
      const event: AlertEvent = { kind: 'raised' }
      const actor: AuditEntry['actor'] = { kind: 'account', id: alert.reporter.accountId }
      await record(trx, alert.id, event, at, actor)
      const now: AlertStanding = {
        alertId: alert.id,
        state: nextAlertState(null, event, at, alert.timing),
        level: alert.level,
        recipient: alert.recipient,
        ward: alert.patient.ward,
        bed: alert.patient.bed,
        timing: alert.timing,
        escalation: alert.escalation,
        reporterId: alert.reporter.accountId,
      }
      await trx.insertInto('alert_standings').values(rowOf(now, at)).execute()
      return now
    },
    async append(trx, alertId, event, actor = gateway) {
      const at = clock()
      const before = await standing(trx, alertId)
      await record(trx, alertId, event, at, actor)
      const now: AlertStanding = {
        ...before,
        state: nextAlertState(before.state, event, at, before.timing),
        ...(event.kind === 'escalated' || event.kind === 'rerouted' ? { recipient: event.to } : {}),
        ...(event.kind === 'rerouted' ? { ward: event.ward, bed: event.bed } : {}),
      }
      const { alert_id: _, ...change } = rowOf(now, at)
      await trx.updateTable('alert_standings').set(change).where('alert_id', '=', alertId).execute()
      return now
    },
    async of(alertId) {
      const rows = await store.db
        .selectFrom('alert_events')
        .selectAll()
        .where('alert_id', '=', alertId)
        .orderBy('id')
        .execute()
      return rows.map((row) => {
        const kept = JSON.parse(protection.open(eventPlace(row.id), row.sealed_event))
        if (kept.alertId !== alertId) throw new IntegrityError(eventPlace(row.id))
        return { id: row.id, recordedAt: row.recorded_at, event: AlertEventSchema.parse(kept.event) }
      })
    },
    announce(now, why) {
      announcements.announce({ kind: 'alert-changed', alertId: now.alertId })
      if (why)
        announcements.announce(
          { kind: 'alert-attention', alertId: now.alertId, level: now.level, why },
          // A second person is whoever is free; everything else is the reporter's.
          why === 'check-requested' ? {} : { accountId: now.reporterId },
        )
    },
  }
}
