import { maskedName, maskedPhone, type ProtectedField, scrubbed, type Veil } from '../access/index.ts'
import type { AlertEvent } from './event.ts'
import type { Alert, AlertDetail } from './index.ts'

const ofAlerts: readonly ProtectedField[] = ['patientName', 'patientId', 'clinicalInfo']

/** What an alert says is clinical information: where that is hidden, it is what kind it is of, and how grave. */
function words(veil: Veil): (text: string) => string {
  return (text) => (veil.hidden.has('clinicalInfo') ? '' : scrubbed(text, veil))
}

/** An alert as it is sent to who may not see these fields. */
export function veiledAlert(alert: Alert, veil: Veil): Alert {
  const { hidden } = veil
  const plain = words(veil)
  return {
    ...alert,
    ...(hidden.has('patientName') ? { patientName: maskedName(alert.patientName) } : {}),
    ...(hidden.has('patientId') ? { patientId: '' } : {}),
    content: plain(alert.content),
    keyword: plain(alert.keyword),
    ...(alert.veiled || ofAlerts.some((field) => hidden.has(field)) ? { veiled: true } : {}),
  }
}

/** The same with all that is known of it. Numbers of the clinicians who were called are theirs, and stay. */
export function veiledAlertDetail(detail: AlertDetail, veil: Veil): AlertDetail {
  const { hidden } = veil
  if (hidden.size === 0) return detail
  const plain = words(veil)
  return {
    ...detail,
    alert: {
      ...veiledAlert(detail.alert, veil),
      ...(hidden.has('phone') && detail.patientPhone !== '' ? { veiled: true } : {}),
    },
    excerpt: plain(detail.excerpt),
    ...(hidden.has('phone') ? { patientPhone: maskedPhone(detail.patientPhone) } : {}),
    events: detail.events.map((recorded) => ({ ...recorded, event: veiledEvent(recorded.event, plain) })),
  }
}

/** What people wrote into an event by hand. */
function veiledEvent(event: AlertEvent, plain: (text: string) => string): AlertEvent {
  switch (event.kind) {
    case 'check-objected':
    case 'called':
      return { ...event, remark: plain(event.remark) }
    case 'handled':
      return { ...event, measure: plain(event.measure), opinion: plain(event.opinion) }
    case 'withdrawn':
      return { ...event, reason: plain(event.reason) }
    default:
      return event
  }
}
