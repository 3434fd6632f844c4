import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import {
  fieldOf,
  type Hl7Receiver,
  observationOf,
  type ReceiverOptions,
  receiverSkipReason,
  startHl7Receiver,
  textOf,
} from '../../../hl7-receiver/index.ts'
import { openReadingRoom, type ReadingRoom } from '../../reports/reading-room.ts'
import { alertsOf, closeRoom, hl7Target, openSendingRoom, outboxOf, settled, sign } from './sending-room.ts'

if (receiverSkipReason) console.log(`delivery over HL7 not tested: ${receiverSkipReason}`)

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const target = (port: number, more: object = {}) =>
  hl7Target(port, {
    ackTimeoutSeconds: 5,
    retryMaximumSeconds: 0.2,
    circuit: { coolDownSeconds: 0.2 },
    ...more,
  })

async function receive(options: ReceiverOptions = {}): Promise<Hl7Receiver> {
  const receiver = await startHl7Receiver(options)
  cleanups.push(() => receiver.stop())
  return receiver
}

async function open(...args: Parameters<typeof openSendingRoom>): Promise<ReadingRoom> {
  const room = await openSendingRoom(...args)
  cleanups.push(() => closeRoom(room))
  return room
}
const outbox = outboxOf

describe.skipIf(receiverSkipReason)('delivery', () => {
  it.each(['utf-8', 'gb18030'] as const)('brings every fact over in %s', async (charset) => {
    const receiver = await receive({ encoding: charset })
    const room = await open([target(receiver.port, { charset })])
    await room.critical.start()
    const content = '右侧张力性气胸|纵隔左移^~\\&请立即处理\n第二行 𠮷'
    const id = await sign(room, '1.2.3', 'P|1', content)
    await receiver.until((messages) => messages.length === 1)
    const message = receiver.messages[0]!
    const plain = (segment: string, index: number) => textOf(fieldOf(message, segment, index))

    expect(plain('MSH', 9)).toBe('ORUR01ORU_R01')
    expect(plain('MSH', 12)).toBe('2.5.1')
    expect(plain('MSH', 18)).toBe({ 'utf-8': 'UNICODE UTF-8', gb18030: 'GB 18030-2000' }[charset])
    expect(plain('PID', 3)).toBe('P|1RADIOLOGYPI')
    expect(JSON.stringify(fieldOf(message, 'PID', 5))).toContain('"张伟"')
    expect(plain('PID', 5)).toBe('张伟LIZhangWeiLA')
    expect([plain('PID', 7), plain('PID', 8)]).toEqual(['19600102', 'M'])
    expect([plain('PV1', 2), plain('PV1', 3), plain('PV1', 19)]).toEqual([
      'I',
      '呼吸内科一病区12',
      'V100RADIOLOGYVN',
    ])
    expect([plain('ORC', 2), plain('ORC', 3), plain('ORC', 12)]).toEqual(['AA1.2.3', 'A1.2.3', '陈医生'])
    expect([plain('OBR', 2), plain('OBR', 3), plain('OBR', 4)]).toEqual([
      'AA1.2.3',
      'A1.2.3',
      'CT001胸部CT平扫L',
    ])
    expect([plain('OBR', 16), plain('OBR', 24), plain('OBR', 25), plain('OBR', 32)]).toEqual([
      '陈医生',
      'CT',
      'F',
      'li李医师',
    ])
    expect(textOf(observationOf(message, 'CV-TYPE'))).toBe('TENSION_PNEUMOTHORAX张力性气胸VIGIL')
    expect(textOf(observationOf(message, 'CV-LEVEL'))).toBe('redVIGIL')
    // python3-hl7 reads \.br\ as a carriage return.
    expect(textOf(observationOf(message, 'CV-CONTENT'))).toBe(content.replace('\n', '\r'))
    expect(textOf(observationOf(message, 'CV-KEYWORD'))).toBe('双肺')
    expect(textOf(observationOf(message, 'CV-EXCERPT'))).toBe('双肺清晰。')
    expect(textOf(observationOf(message, 'CV-ALERT-ID'))).toBe(id)
    for (const row of message.segments.OBX ?? [])
      expect([textOf(row[8] ?? ''), textOf(row[11] ?? '')]).toEqual(['AA', 'F'])

    expect(await settled(room)).toMatchObject([{ state: 'delivered', attempts: 1, last_error: null }])
    expect(await alertsOf(room)).toMatchObject([{ id, delivery: { state: 'delivered', target: 'his' } }])
    expect((await room.audit.tail()).map((row) => row.action)).toContain('alert.delivered')
    const told = room.events.filter(({ event }) => event.kind === 'alert-changed')
    expect(told).toEqual(
      // Signed, begun, delivered.
      Array.from({ length: 3 }, () => ({ event: { kind: 'alert-changed', alertId: id } })),
    )
  })

  it.each([
    ['drops messages', { drop: 0.5 }],
    ['loses answers', { loseAnswer: 0.5 }],
    ['refuses for the moment', { nak: 0.5, nakCode: 'AR', nakError: '207' }],
    ['refuses without a reason', { nak: 0.5, nakCode: 'AE', nakError: '' }],
    ['answers rubbish', { garbage: 0.5 }],
    ['answers twice, and for others', { duplicateAck: 0.7, wrongId: 0.5 }],
  ] as const)('gets through to a receiver that %s, each alert once as a new one', async (_, trouble) => {
    const receiver = await receive({ seed: 7, ...trouble })
    const room = await open([target(receiver.port)])
    await room.critical.start()
    const ids: string[] = []
    for (let i = 0; i < 6; i++) ids.push(await sign(room, `1.2.${i}`, `P${i % 2}`))
    const rows = await settled(room)
    expect(rows.every((row) => row.state === 'delivered')).toBe(true)
    const fresh = receiver.messages.filter((message) => !message.repeat)
    expect(fresh.map((message) => textOf(observationOf(message, 'CV-ALERT-ID'))).sort()).toEqual(
      [...ids].sort(),
    )
    const controlIds = new Map(rows.map((row) => [row.alert_id, row.control_id]))
    for (const message of receiver.messages)
      expect(message.controlId).toBe(controlIds.get(textOf(observationOf(message, 'CV-ALERT-ID'))))
    // In order for each patient.
    for (const patient of [0, 1]) {
      const wanted = ids.filter((_id, index) => index % 2 === patient)
      const got = fresh.map((message) => textOf(observationOf(message, 'CV-ALERT-ID')))
      expect(got.filter((id) => wanted.includes(id))).toEqual(wanted)
    }
  })

  it('stops at a refusal that repeating cannot mend, tells it, and goes on with the next', async () => {
    const receiver = await receive({ nak: 1, nakCode: 'AE', nakError: '101' })
    const room = await open([target(receiver.port)])
    await room.critical.start()
    await sign(room, '1.2', 'P1')
    await sign(room, '1.3', 'P1')
    expect(await settled(room)).toMatchObject([
      { state: 'refused', attempts: 1, last_error: 'AE:101' },
      { state: 'refused', attempts: 1, last_error: 'AE:101' },
    ])
    expect((await alertsOf(room))[0]).toMatchObject({ delivery: { state: 'refused', lastError: 'AE:101' } })
    const refused = (await room.audit.tail()).filter((row) => row.action === 'alert.refused')
    expect(refused).toMatchObject([{ outcome: 'refused', detail: { target: 'his', error: 'AE:101' } }, {}])
  })

  it('waits while the receiver is away, and delivers when it comes', async () => {
    const port = await freePort()
    const room = await open([target(port)])
    await room.critical.start()
    await sign(room, '1.2', 'P1')
    while ((await outbox(room))[0]?.state !== 'retrying') await sleep(20)
    expect((await alertsOf(room))[0]).toMatchObject({
      delivery: { state: 'retrying', lastError: 'unreachable', nextAttemptAt: expect.any(Number) },
    })
    const receiver = await receive({ port })
    await receiver.until((messages) => messages.length === 1)
    expect((await settled(room))[0]).toMatchObject({ state: 'delivered', last_error: null })
  })

  it('holds a patient’s later alert behind the earlier one, and nobody else’s', async () => {
    const receiver = await receive()
    const room = await open([{ ...target(receiver.port), retryMaximumSeconds: 120 }])
    const [first, second, other] = [
      await sign(room, '1.1', 'P1'),
      await sign(room, '1.2', 'P1'),
      await sign(room, '1.3', 'P2'),
    ]
    await room.store.db
      .updateTable('outbox')
      .set({ state: 'retrying', next_attempt_at: Date.now() + 60_000 })
      .where('alert_id', '=', first)
      .execute()
    await room.critical.start()
    await receiver.until((messages) => messages.length === 1)
    await sleep(200)
    expect(receiver.messages.length).toBe(1)
    await room.store.db
      .updateTable('outbox')
      .set({ next_attempt_at: 0 })
      .where('alert_id', '=', first)
      .execute()
    room.critical.wake()
    await receiver.until((messages) => messages.length === 3)
    expect(receiver.messages.map((message) => textOf(observationOf(message, 'CV-ALERT-ID')))).toEqual([
      other,
      first,
      second,
    ])
  })

  it('keeps alerts queued without a target, and delivers them once there is one', async () => {
    const before = await openReadingRoom({}, { now: Date.now() })
    await before.critical.start()
    const id = await sign(before, '1.2', 'P1')
    expect(await alertsOf(before)).toMatchObject([
      { id, delivery: { state: 'queued', target: '', nextAttemptAt: null } },
    ])
    await before.critical.stop()
    await before.store.close()

    const receivers = [await receive(), await receive()]
    const targets = receivers.map(({ port }, index) => target(port, { name: `his-${index}` }))
    const room = await open(targets, { dir: before.dir, masterKey: before.masterKey })
    await room.critical.start()
    for (const receiver of receivers) await receiver.until((messages) => messages.length === 1)
    expect((await settled(room)).map((row) => row.target)).toEqual(['his-0', 'his-1'])
  })

  it('sends what was in flight when the gateway died again, under the same control id', async () => {
    const receiver = await receive()
    const room = await open([target(receiver.port)])
    await sign(room, '1.2', 'P1')
    await room.store.db.updateTable('outbox').set({ state: 'sending', attempts: 1 }).execute()
    const [row] = await outbox(room)
    await room.critical.start()
    await receiver.until((messages) => messages.length === 1)
    expect(receiver.messages[0]?.controlId).toBe(row?.control_id)
    expect(await settled(room)).toMatchObject([{ state: 'delivered', attempts: 2 }])
  })

  it('refuses an alert that was changed in the database, loudly, and holds nobody up for it', async () => {
    const receiver = await receive()
    const room = await open([target(receiver.port)])
    const damaged = await sign(room, '1.1', 'P1')
    const whole = await sign(room, '1.2', 'P1')
    await sql`drop trigger alerts_no_update`.execute(room.store.db)
    await room.store.db
      .updateTable('alerts')
      .set({ sealed_alert: 'v1.AAAA' })
      .where('id', '=', damaged)
      .execute()
    await room.critical.start()
    expect(await settled(room)).toMatchObject([
      { alert_id: damaged, state: 'refused', last_error: 'record-damaged' },
      { alert_id: whole, state: 'delivered' },
    ])
    expect((await alertsOf(room)).map((alert) => alert.id)).toEqual([whole])
    const actions = (await room.audit.tail()).map((row) => row.action)
    expect(actions).toEqual(expect.arrayContaining(['integrity.failed', 'alert.refused', 'alert.delivered']))
  })

  it('goes on after the database would not take the outcome', async () => {
    const receiver = await receive()
    const room = await open([target(receiver.port)])
    await sign(room, '1.1', 'P1')
    await sql`create trigger full before update on outbox when new.state = 'delivered' begin select raise(abort, 'disk full'); end`.execute(
      room.store.db,
    )
    await room.critical.start()
    await receiver.until((messages) => messages.length === 1)
    await sleep(1500)
    expect((await outbox(room))[0]).toMatchObject({ state: 'sending' })
    await sql`drop trigger full`.execute(room.store.db)
    const [row] = await settled(room)
    expect(row).toMatchObject({ state: 'delivered' })
    // What the receiver answered is kept until it can be written: nothing is sent a second time for it.
    expect(receiver.messages.map((message) => message.controlId)).toEqual([row?.control_id])
  })

  it('stops at once when idle, and soon while waiting for an answer', async () => {
    const receiver = await receive({ delay: 0, drop: 0 })
    const room = await open([target(receiver.port)])
    await room.critical.start()
    const start = Date.now()
    await room.critical.stop()
    // Less than the grace that a delivery in flight would be given.
    expect(Date.now() - start).toBeLessThan(1500)

    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    cleanups.push(async () => silent.close())
    const waiting = await open([
      target((silent.address() as { port: number }).port, { ackTimeoutSeconds: 60 }),
    ])
    await waiting.critical.start()
    await sign(waiting, '1.1', 'P1')
    await sleep(100)
    await waiting.critical.stop()
    expect(Date.now() - start).toBeLessThan(10_000)
    expect((await outbox(waiting))[0]).toMatchObject({ state: 'retrying', last_error: 'disconnected' })
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
