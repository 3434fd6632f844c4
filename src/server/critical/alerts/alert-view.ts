import type { Alert, Delivery, EarlierAlert } from '../../../shared/alert/index.ts'
import { maskedName } from '../../sensitivity/index.ts'
import type { Schema } from '../../store/index.ts'
import type { AlertStanding } from './alert-events.ts'
import type { KeptAlert } from './alert-store.ts'
import type { RaisedAlert } from './raised-alert.ts'

type OutboxRow = Schema['outbox']

/** The least advanced first: with several targets, an alert stands where its slowest delivery stands. */
const progress: readonly OutboxRow['state'][] = [
  'refused',
  'retrying',
  'queued',
  'sending',
  'delivered',
  'cancelled',
]

/** A delivery as the workstation sees it. */
export function deliveryView(row: OutboxRow): Delivery {
  const waiting = (row.state === 'queued' || row.state === 'retrying') && row.target !== ''
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    target: row.target,
    attempts: row.attempts,
    lastError: row.last_error,
    nextAttemptAt: waiting ? row.next_attempt_at : null,
    deliveredAt: row.delivered_at,
  }
}

/** An alert as far as a later sign-off needs to know it. */
export function earlierView({ alert, standing }: KeptAlert): EarlierAlert {
  return {
    id: alert.id,
    type: alert.type,
    side: alert.side,
    raisedAt: alert.raisedAt,
    raisedBy: alert.reporter.name,
    content: alert.content,
    state: standing.state,
  }
}

/** For who may not open that study: that something of this kind was told, so that nothing is told twice; not the words. */
export function maskedEarlierView(kept: KeptAlert): EarlierAlert {
  return { ...earlierView(kept), raisedBy: '', content: '' }
}

/** An alert as the workstation sees it; `viewer` is the account that asks. */
export function alertView(
  alert: RaisedAlert,
  standing: AlertStanding,
  deliveries: readonly OutboxRow[],
  viewer: string,
): Alert {
  const slowest = [...deliveries].sort((a, b) => progress.indexOf(a.state) - progress.indexOf(b.state))[0]
  return {
    id: alert.id,
    studyInstanceUid: alert.exam.studyInstanceUid,
    accessionNumber: alert.order.accessionNumber,
    patientId: alert.patient.id,
    patientName: alert.patient.name,
    ward: standing.ward,
    bed: standing.bed,
    type: alert.type,
    typeName: alert.typeName,
    level: alert.level,
    side: alert.side,
    content: alert.content,
    keyword: alert.keyword,
    recipient: standing.recipient,
    raisedAt: alert.raisedAt,
    raisedBy: alert.reporter.name,
    own: alert.reporter.accountId === viewer,
    dictionaryVersion: alert.dictionaryVersion,
    state: standing.state,
    delivery: slowest ? deliveryView(slowest) : null,
  }
}

/** For who may not open the study: that there is an alert, how grave, and where it stands. */
export function maskedAlertView(alert: Alert): Alert {
  return {
    ...alert,
    patientName: maskedName(alert.patientName),
    patientId: '',
    ward: '',
    bed: '',
    type: '',
    typeName: '',
    side: null,
    content: '',
    keyword: '',
    recipient: { kind: alert.recipient.kind, name: '', department: '', code: '', phone: '' },
    // What the other side answered may name whom it is about.
    delivery: alert.delivery && { ...alert.delivery, lastError: null },
    veiled: true,
  }
}
