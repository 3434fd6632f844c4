import { expect } from 'vitest'
import { documentPlace } from '../../../../src/server/reports/versions.ts'
import { type AlertDetail, type AlertState, nextAlertState } from '../../../../src/shared/alert/index.ts'
import type { ReportDocument } from '../../../../src/shared/report/index.ts'
import type { ReadingRoom } from '../../reports/reading-room.ts'
import type { Answer } from './clinic.ts'
import type { Arrival } from './hospitals.ts'
import { receiveMs, rules } from './rules.ts'

type Event = AlertDetail['events'][number]['event']

/** What must hold of everything, however often the gateway died. @returns figures of it. */
export async function expectWhole(
  room: ReadingRoom,
  deps: { said: readonly string[]; arrivals: readonly Arrival[]; answers: readonly Answer[] },
): Promise<Record<string, number>> {
  const { said, arrivals, answers } = deps
  const details = await alertsOf(room)
  const ids = details.map(({ alert }) => alert.id)
  const told = (what: string) =>
    said.filter((line) => line.startsWith(`${what} `)).map((line) => line.slice(what.length + 1))
  const withdrawn = details.filter(({ alert }) => alert.state.status === 'withdrawn').map((d) => d.alert.id)

  // Committed together or not at all: the alerts are those that the signed documents decided. What was answered was committed.
  const decided = (await documentsOf(room)).flatMap(({ decisions }) => decisions)
  expect(ids).toHaveLength(decided.filter(({ action }) => action === 'alert').length)
  expect(told('signed').filter((id) => !ids.includes(id))).toEqual([])
  expect(told('withdrawn').filter((id) => !withdrawn.includes(id))).toEqual([])

  const rows = await room.store.db.selectFrom('outbox').selectAll().orderBy('message_id').execute()
  const fresh = arrivals.filter(({ repeat }) => !repeat)
  expectEachOnce(rows, arrivals, fresh)
  expectOrder(rows, fresh)

  // A notice for each alert but those that were taken back before anybody tried to send it.
  const of = (kind: string) => fresh.filter((one) => one.kind === kind).map(({ alertId }) => alertId)
  const sent = new Set(of('notice'))
  expect(ids.filter((id) => !sent.has(id) && !withdrawn.includes(id))).toEqual([])
  expect(of('notice').sort()).toEqual([...sent].sort())
  // What was taken back and had gone out is cancelled, once; nothing else is.
  expect(of('cancel').sort()).toEqual(withdrawn.filter((id) => sent.has(id)))

  for (const detail of details) expectSum(detail)
  for (const { alert, events } of details) {
    const kinds = events.map(({ event }) => event.kind)
    const escalated = kinds.filter((kind) => kind === 'escalated').length
    expect([alert.id, escalated]).toEqual([alert.id, isOverdue(alert, events) ? 1 : 0])
  }

  // Each answer counts once, however often it was sent.
  const counted = (answer: Answer) =>
    (details.find(({ alert }) => alert.id === answer.alertId)?.events ?? []).filter(({ event }) =>
      isBy(event, answer),
    ).length
  expect(answers.map((answer) => [answer.alertId, answer.step, counted(answer)])).toEqual(
    answers.map((answer) => [answer.alertId, answer.step, 1]),
  )
  const heard = details.flatMap(({ events }) => events).filter(({ event }) => 'source' in event).length
  expect(heard).toBe(answers.length)

  const { faults, ...chain } = await room.audit.verify()
  expect(faults).toEqual([])
  return {
    documents: (await documentsOf(room)).length,
    alerts: ids.length,
    answered: told('signed').length,
    withdrawn: withdrawn.length,
    notices: sent.size,
    cancels: of('cancel').length,
    escalations: of('escalation').length,
    replies: answers.length,
    repeats: arrivals.length - fresh.length,
    repeatedAttempts: rows.filter(({ attempts }) => attempts > 1).length,
    ...('rows' in chain ? { auditRows: Number(chain.rows) } : {}),
  }
}

async function alertsOf(room: ReadingRoom): Promise<AlertDetail[]> {
  const rows = await room.store.db.selectFrom('alerts').select('id').orderBy('id').execute()
  const nothing = { query: undefined, body: undefined }
  const ask = (alert: string) => room.handlers.alert(room.request('li', { params: { alert }, ...nothing }))
  return Promise.all(rows.map(({ id }) => ask(id)))
}

async function documentsOf(room: ReadingRoom): Promise<ReportDocument[]> {
  const rows = await room.store.db.selectFrom('report_versions').select(['id', 'sealed_document']).execute()
  return rows.map((row) => JSON.parse(room.protection.open(documentPlace(row.id), row.sealed_document)))
}

type Row = { control_id: string; alert_id: string; kind: string; state: string; attempts: number }

/** What the outbox says was delivered has arrived, each once as new; what it cancelled never has. */
function expectEachOnce(rows: readonly Row[], arrivals: readonly Arrival[], fresh: readonly Arrival[]): void {
  const delivered = rows.filter(({ state }) => state === 'delivered')
  expect(fresh.map(({ controlId }) => controlId).sort()).toEqual(
    delivered.map((row) => row.control_id).sort(),
  )
  const byControlId = new Map(rows.map((row) => [row.control_id, row]))
  for (const { controlId, kind, alertId } of arrivals)
    expect(byControlId.get(controlId)).toMatchObject({ kind, alert_id: alertId, state: 'delivered' })
  expect(rows.filter(({ state, attempts }) => state === 'cancelled' && attempts > 0)).toEqual([])
}

/** Of one patient, of all kinds, in the order in which the gateway came to say it; `rows` are in that order. */
function expectOrder(rows: readonly Row[], fresh: readonly Arrival[]): void {
  const place = new Map(rows.map((row, index) => [row.control_id, index]))
  for (const patient of new Set(fresh.map(({ patientId }) => patientId))) {
    const order = fresh
      .filter((one) => one.patientId === patient)
      .map((one) => place.get(one.controlId) ?? -1)
    expect(order).toEqual([...order].sort((a, b) => a - b))
  }
}

/** The standing is the sum of the events, and the events are what became of the messages. */
function expectSum({ alert, events, deliveries }: AlertDetail): void {
  const timing = { deadlines: rules.deadlines[alert.level], closeAfterHours: rules.closeAfterHours }
  const sum = events.reduce<AlertState | null>(
    (before, { event, recordedAt }) => nextAlertState(before, event, recordedAt, timing),
    null,
  )
  expect([alert.id, alert.state]).toEqual([alert.id, sum])
  const arrived = events.flatMap(({ event }) => (event.kind === 'delivered' ? [event.message] : []))
  const settled = deliveries.flatMap(({ state, kind }) => (state === 'delivered' ? [kind] : []))
  expect([alert.id, arrived.sort()]).toEqual([alert.id, settled.sort()])
}

/** Whether nobody had acknowledged it, nor taken it back, by the time that it was escalated; else, by its deadline. */
function isOverdue({ level, state }: AlertDetail['alert'], events: AlertDetail['events']): boolean {
  if (level !== 'red' || state.releasedAt === null) return false
  const escalatedAt = events.find(({ event }) => event.kind === 'escalated')?.recordedAt
  const by = escalatedAt ?? Number.POSITIVE_INFINITY
  if (escalatedAt !== undefined && escalatedAt < state.releasedAt + receiveMs) return false
  const done = [state.receivedAt, state.withdrawnAt].filter((at) => at !== null)
  return done.every((at) => at >= by)
}

function isBy(event: Event, { step, by }: Answer): boolean {
  return event.kind === step && event.by.id === by
}
