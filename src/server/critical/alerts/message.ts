import { patientIndex } from '../../orders/index.ts'
import type { Protection } from '../../protection/index.ts'
import type { MessageDetail } from '../delivery/adapter.ts'
import type { MessageToQueue } from '../delivery/outbox.ts'
import type { AlertStanding } from './alert-events.ts'
import type { RaisedAlert } from './raised-alert.ts'

/** A message about an alert as it stands, for the outbox. */
export function messageAbout(
  protection: Protection,
  alert: RaisedAlert,
  { recipient, ward, bed, checkedBy }: AlertStanding,
  detail: MessageDetail,
): MessageToQueue {
  return {
    alertId: alert.id,
    patientIndex: patientIndex(protection, alert.patient.id),
    detail,
    recipient,
    ward,
    bed,
    ...(checkedBy === null ? {} : { checkedBy }),
  }
}
