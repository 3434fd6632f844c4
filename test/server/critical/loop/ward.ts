import { setTimeout as sleep } from 'node:timers/promises'
import defaultDictionary from '../../../../assets/dictionary/default.json' with { type: 'json' }
import type { AlertEvent, RecordedEvent } from '../../../../src/shared/alert/index.ts'
import type { CriticalRules } from '../../../../src/shared/critical/model.ts'
import { anOrder, aStudy, openReadingRoom, type ReadingRoom } from '../../reports/reading-room.ts'

export const minute = 60_000

/** Who can be told beside the ward and the doctor that the order names. */
export const contacts = [
  { kind: 'department-head', department: '呼吸内科', name: '呼吸内科主任', phone: '8001' },
  { kind: 'department-head', department: '急诊科', name: '急诊科主任', phone: '8002' },
  { kind: 'duty-office', name: '总值班', phone: '8000' },
] as const

/** No hospital system is there: what is queued for it stays queued. */
export const nobody = { name: 'his', kind: 'hl7-mllp', host: '127.0.0.1', port: 9, retrySeconds: 600 }

/** A reading room whose dictionary has these rules beside the contacts. */
export function openWard(
  config: object = {},
  rules: Partial<CriticalRules> | object = {},
  at: Parameters<typeof openReadingRoom>[1] = {},
): Promise<ReadingRoom> {
  return openReadingRoom(
    { criticalTargets: [nobody], ...config },
    { ...at, dictionary: { ...defaultDictionary, rules: { contacts, ...rules } } },
  )
}

let studies = 0
/** Signs a report with one red alert about an exam of its own; gives the alert's id. */
export async function raise(room: ReadingRoom, order: Parameters<typeof anOrder>[1] = {}): Promise<string> {
  const uid = `1.2.840.${++studies}`
  const accession = `L${studies}`
  room.studies.set(uid, aStudy(uid, { accessionNumber: accession, patientId: order.patientId ?? 'P1' }))
  await room.orders.importOrders([anOrder(accession, order)], { kind: 'cli', id: 'test' })
  const { alerts } = await room.signOff('li', uid, { findings: '张力性气胸。', impression: '' })
  return alerts[0]!.id
}

export async function detailOf(room: ReadingRoom, alert: string) {
  return room.handlers.alert(room.request('li', { params: { alert }, query: undefined, body: undefined }))
}

export async function stateOf(room: ReadingRoom, alert: string) {
  return (await detailOf(room, alert)).alert.state
}

/** What happened to it, of these kinds, oldest first. */
export async function eventsOf<K extends AlertEvent['kind']>(
  room: ReadingRoom,
  alert: string,
  ...kinds: K[]
): Promise<(RecordedEvent & { event: Extract<AlertEvent, { kind: K }> })[]> {
  const { events } = await detailOf(room, alert)
  return events.filter(({ event }) => kinds.includes(event.kind as K)) as never
}

/** Waits, in real time, until it holds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 10_000; !(await holds()); await sleep(10))
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
}

/** An answer as a hospital system gives it. */
export function anAnswer(alertId: string, more: object = {}) {
  return {
    id: 'R-1',
    alertId,
    step: 'received',
    by: { id: 'N017', name: '王护士', role: 'nurse' },
    readBack: true,
    measure: '',
    opinion: '',
    at: Date.UTC(2026, 10, 22, 8, 1),
    ...more,
  }
}

export const attentionOf = (room: ReadingRoom) =>
  room.events.flatMap(({ event, to }) =>
    event.kind === 'alert-attention'
      ? [{ why: event.why, alert: event.alertId, to: to?.accountId ?? 'all' }]
      : [],
  )

export const auditOf = async (room: ReadingRoom, action: string) =>
  (await room.audit.tail()).filter((row) => row.action === action)
