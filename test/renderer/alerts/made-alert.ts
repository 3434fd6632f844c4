import {
  type Alert,
  type AlertDetail,
  type AlertEvent,
  type AlertState,
  type Delivery,
  nextAlertState,
  type Recipient,
} from '../../../src/shared/alert/index.ts'
import { CriticalRules } from '../../../src/shared/critical/rules.ts'

/** The dictionary's own times. */
export const rules = CriticalRules.parse({
  contacts: [
    { kind: 'ward', department: '神经外科', name: '神经外科一病区', phone: '8120' },
    { kind: 'department-head', department: '神经外科', name: '王建业', phone: '8123' },
    { kind: 'department-head', department: '呼吸内科', name: '赵某', phone: '8200' },
    { kind: 'duty-office', name: '总值班', phone: '8000' },
  ],
})

export const ward: Recipient = {
  kind: 'ward',
  name: '神经外科一病区',
  department: '神经外科',
  code: 'W12',
  phone: '8120',
}
export const head: Recipient = {
  kind: 'department-head',
  name: '王建业',
  department: '神经外科',
  code: 'D7',
  phone: '8123',
}

export const second = { accountId: 'account-second', name: '周晓彤' }
export const reporter = { accountId: 'account-radiologist', name: '李明华' }

/** An event and when it happened, epoch ms. */
export type Happened = readonly [event: AlertEvent, at: number]

/** The state that the product's own rule makes of events, beginning with `raised`. */
export function stateAfter(happened: readonly Happened[], level: Alert['level'] = 'red'): AlertState {
  const timing = { deadlines: rules.deadlines[level], closeAfterHours: rules.closeAfterHours }
  const state = happened.reduce<AlertState | null>(
    (before, [event, at]) => nextAlertState(before, event, at, timing),
    null,
  )
  if (!state) throw new Error('no event')
  return state
}

/** An alert as the gateway would tell it of these events. */
export function madeAlert(
  id: string,
  happened: readonly Happened[],
  given: Partial<Alert> = {},
  deliveries: Delivery[] = [],
): AlertDetail {
  const level = given.level ?? 'red'
  const escalated = happened.findLast(([event]) => event.kind === 'escalated')?.[0]
  const alert: Alert = {
    id,
    studyInstanceUid: '1.2.826.0.1.3680043.10.1700.1',
    accessionNumber: 'CT20261122001',
    patientId: 'P0012345',
    patientName: '王建国',
    ward: '神经外科一病区',
    bed: '12',
    type: 'EPIDURAL_HAEMATOMA',
    typeName: '急性硬膜外血肿',
    level,
    side: 'left',
    content: '左侧颞顶部急性硬膜外血肿，量约 45ml，中线右移 12mm，请立即处理。',
    keyword: '硬膜外血肿',
    recipient: escalated?.kind === 'escalated' ? escalated.to : ward,
    raisedAt: happened[0]?.[1] ?? 0,
    raisedBy: reporter.name,
    own: true,
    dictionaryVersion: '2026.11',
    state: stateAfter(happened, level),
    delivery: deliveries[0] ?? null,
    ...given,
  }
  return {
    alert,
    excerpt: '左侧颞顶部见梭形高密度影，考虑急性硬膜外血肿，较前片硬膜外血肿增大。',
    patientPhone: '13800000000',
    orderingDoctor: '孙医生',
    orderingDepartment: '神经外科',
    itemName: '头颅 CT 平扫',
    events: happened.map(([event, recordedAt], index) => ({ id: `${id}-${index}`, recordedAt, event })),
    deliveries,
  }
}

export function delivery(given: Partial<Delivery> = {}): Delivery {
  return {
    id: 'd1',
    kind: 'notice',
    state: 'delivered',
    target: 'HIS',
    attempts: 1,
    lastError: null,
    nextAttemptAt: null,
    deliveredAt: null,
    ...given,
  }
}

/** `minutes` from `at`, in epoch ms. */
export const later = (at: number, minutes: number) => at + Math.round(minutes * 60_000)

/** One event of every kind there is; the compiler asks for a new one. */
export const everyEvent: { [K in AlertEvent['kind']]: Extract<AlertEvent, { kind: K }> } = {
  raised: { kind: 'raised' },
  'check-requested': { kind: 'check-requested', until: 0 },
  checked: { kind: 'checked', by: second, twice: false },
  'check-objected': { kind: 'check-objected', by: second, remark: '侧别写反' },
  released: { kind: 'released', unchecked: false },
  delivered: { kind: 'delivered', target: 'HIS', message: 'notice' },
  refused: { kind: 'refused', target: 'HIS', message: 'notice', error: 'AR:204' },
  replayed: { kind: 'replayed', target: 'HIS', by: second },
  received: {
    kind: 'received',
    by: { id: 'N7', name: '陈静怡', role: 'nurse' },
    readBack: true,
    source: 'http',
    at: 0,
  },
  handled: {
    kind: 'handled',
    by: { id: 'D9', name: '孙医生', role: 'doctor' },
    measure: '急诊手术',
    opinion: '已联系手术室',
    source: 'mllp',
    at: 0,
  },
  closed: { kind: 'closed', by: null },
  escalated: { kind: 'escalated', hop: 1, to: head, awaited: 'receive', skipped: ['doctor'] },
  exhausted: { kind: 'exhausted', awaited: 'receive' },
  rerouted: { kind: 'rerouted', to: ward, ward: 'ICU', bed: '3' },
  called: {
    kind: 'called',
    by: reporter,
    called: { name: '陈静怡', role: 'nurse', phone: '8120' },
    reached: true,
    readBack: true,
    remark: '',
    at: 0,
  },
  withdrawn: { kind: 'withdrawn', by: reporter, reason: '误报，侧别有误' },
}
