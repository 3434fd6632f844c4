import type { Transaction } from 'kysely'
import { type AlertEvent, isOpen } from '../../../shared/alert/index.ts'
import type { PhoneCall } from '../../../shared/api/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Schema } from '../../store/index.ts'
import type { Outbox } from '../delivery/outbox.ts'
import type { AlertEvents, AlertStanding } from './alert-events.ts'
import type { RaisedAlert } from './raised-alert.ts'
import type { Person } from './withdrawal.ts'

/** How far a workstation's clock may be ahead of the gateway's. */
const skewMs = 2 * 60_000
/** A call may have been made before the report was signed; not the day before. */
const earliestMs = 24 * 3_600_000

/**
 * The events that a call comes to: the call itself, and the handling that was told in it.
 * @throws VigilError `bad-request` where the call cannot have been as it says.
 */
export function eventsOfCall(
  call: PhoneCall,
  by: Person,
  { now, raisedAt }: { now: number; raisedAt: number },
): AlertEvent[] {
  const wrong = (field: string, reason: string) => new VigilError('bad-request', { field, reason })
  if (call.at > now + skewMs) throw wrong('at', 'future')
  if (call.at < raisedAt - earliestMs) throw wrong('at', 'too-early')
  if (!call.reached && call.readBack) throw wrong('readBack', 'not-reached')
  if (!call.reached && call.handling) throw wrong('handling', 'not-reached')
  const { called, reached, readBack, remark, at } = call
  const events: AlertEvent[] = [{ kind: 'called', by, called, reached, readBack, remark, at }]
  if (call.handling)
    events.push({
      kind: 'handled',
      by: { id: '', name: called.name, role: called.role },
      measure: call.handling,
      opinion: '',
      source: 'phone',
      at,
    })
  return events
}

/** Records a telephone call about an alert that is open. */
export function createPhoneCalls(
  clock: Clock,
  { events, outbox }: { events: AlertEvents; outbox: Pick<Outbox, 'overtake'> },
) {
  return async (
    trx: Transaction<Schema>,
    alert: RaisedAlert,
    { call, by }: { call: PhoneCall; by: Person },
    actor: AuditEntry['actor'],
  ): Promise<AlertStanding> => {
    let standing = await events.standing(trx, alert.id)
    if (!isOpen(standing.state)) throw new VigilError('alert-not-open')
    for (const event of eventsOfCall(call, by, { now: clock(), raisedAt: alert.raisedAt }))
      standing = await events.append(trx, alert.id, event, actor)
    // As with any other answer: who was to be told next need not be any more.
    if (call.reached) await outbox.overtake(trx, alert.id, 'escalation')
    return standing
  }
}
