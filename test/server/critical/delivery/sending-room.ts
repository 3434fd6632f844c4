import { setTimeout as sleep } from 'node:timers/promises'
import { alertFor, anOrder, aStudy, openReadingRoom, type ReadingRoom } from '../../reports/reading-room.ts'

/** A reading room with these targets, its clock running; to be closed with `closeRoom`. */
export async function openSendingRoom(
  targets: object[],
  at: Parameters<typeof openReadingRoom>[1] = {},
): Promise<ReadingRoom> {
  const room = await openReadingRoom({ criticalTargets: targets }, at)
  Object.defineProperty(room.time, 'now', { get: Date.now })
  return room
}

export async function closeRoom(room: ReadingRoom): Promise<void> {
  await room.critical.stop()
  await room.close()
}

/** Signs a report with one alert added by hand; again where the patient has had one. Gives the alert's id. */
export async function sign(
  room: ReadingRoom,
  uid: string,
  patientId: string,
  content = '张力性气胸，请立即处理',
): Promise<string> {
  room.studies.set(uid, aStudy(uid, { accessionNumber: `A${uid}`, patientId }))
  await room.orders.importOrders([anOrder(`A${uid}`, { patientId })], { kind: 'cli', id: 'test' })
  const { document, earlier } = await room.prepare('li', uid, { findings: '双肺清晰。', impression: '' })
  const finding = { section: 'findings', start: 0, end: 2, type: 'TENSION_PNEUMOTHORAX' } as const
  const decisions = [{ ...alertFor(finding, earlier), content }]
  const { alerts } = await room.submit('li', uid, { ...document, decisions })
  return alerts[0]!.id
}

/** Takes one back. */
export async function withdraw(room: ReadingRoom, id: string, reason = '误报'): Promise<void> {
  await room.handlers.withdrawAlert(
    room.request('li', { params: { alert: id }, query: undefined, body: { reason } }),
  )
}

export const outboxOf = (room: ReadingRoom) =>
  room.store.db.selectFrom('outbox').selectAll().orderBy('message_id').orderBy('target').execute()

/** The outbox once all has come to its end. */
export async function settled(room: ReadingRoom, timeoutMs = 20_000) {
  for (const end = Date.now() + timeoutMs; ; await sleep(20)) {
    const rows = await outboxOf(room)
    if (rows.length > 0 && rows.every((row) => ['delivered', 'refused', 'cancelled'].includes(row.state)))
      return rows
    if (Date.now() > end)
      throw new Error(`not settled: ${rows.map((row) => `${row.kind} ${row.state} ${row.last_error}`)}`)
  }
}

export const alertsOf = async (room: ReadingRoom) =>
  (
    await room.handlers.alerts(
      room.request('li', {
        params: undefined,
        query: { study: undefined, show: 'all' as const, limit: 100 },
        body: undefined,
      }),
    )
  ).alerts

/** An HL7 receiver on loopback, tried again at once: what a test says otherwise goes before. */
export const hl7Target = (port: number, more: object = {}) => ({
  name: 'his',
  kind: 'hl7-mllp',
  host: '127.0.0.1',
  port,
  retrySeconds: 0.05,
  ...more,
})
