import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import type { ReadingRoom } from '../../reports/reading-room.ts'
import { type MllpAnswerer, type MllpPeer, startMllpPeer } from './mllp-peer.ts'
import { closeRoom, hl7Target, openSendingRoom, outboxOf, settled, sign, withdraw } from './sending-room.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const target = (port: number, more: object = {}) =>
  hl7Target(port, {
    ackTimeoutSeconds: 1,
    retryMaximumSeconds: 0.1,
    circuit: { failures: 3, coolDownSeconds: 0.3 },
    ...more,
  })
async function peerOf(respond?: MllpAnswerer, port?: number): Promise<MllpPeer> {
  const peer = await startMllpPeer(respond, port)
  cleanups.push(peer.stop)
  return peer
}
async function open(...args: Parameters<typeof openSendingRoom>): Promise<ReadingRoom> {
  const room = await openSendingRoom(...args)
  cleanups.push(() => closeRoom(room))
  return room
}
async function until(done: () => boolean | Promise<boolean>, what: string) {
  for (const end = Date.now() + 25_000; !(await done()); await sleep(10))
    if (Date.now() > end) throw new Error(`never: ${what}`)
}
const call = <P, B>(room: ReadingRoom, params: P, body?: B) =>
  room.request('li', { params, query: undefined, body: body as B })
const targets = async (room: ReadingRoom) =>
  (await room.handlers.deliveryTargets(call(room, undefined, undefined))).targets
const letters = async (room: ReadingRoom) =>
  (await room.handlers.deadLetters(call(room, undefined, undefined))).letters
const replay = (room: ReadingRoom, id: string) =>
  room.handlers.replayDeadLetter(call(room, { id }, undefined))
const said = ({ seen }: MllpPeer) => seen.map(({ kind, alertId }) => `${kind} ${alertId}`)

describe('taking an alert back', () => {
  it('sends nothing where nothing was sent', async () => {
    const peer = await peerOf()
    const room = await open([target(peer.port)])
    const id = await sign(room, '1.1', 'P1')
    await withdraw(room, id)
    await room.critical.start()
    const other = await sign(room, '1.2', 'P1')
    expect((await settled(room)).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'notice cancelled',
      'notice delivered',
    ])
    expect(said(peer)).toEqual([`notice ${other}`])
  })

  it('cancels what was delivered, at each target that has it', async () => {
    const [one, two] = [await peerOf(), await peerOf()]
    const room = await open([target(one.port, { name: 'one' }), target(two.port, { name: 'two' })])
    await room.critical.start()
    const id = await sign(room, '1.1', 'P1')
    await settled(room)
    await withdraw(room, id)
    await settled(room)
    for (const peer of [one, two]) expect(said(peer)).toEqual([`notice ${id}`, `cancel ${id}`])
  })

  it('cancels what may have arrived, after it, under the notice’s own control id until then', async () => {
    let silent = true
    const peer = await peerOf(() => (silent ? 'hang up' : 'AA'))
    const [room] = [await open([target(peer.port)])]
    await room.critical.start()
    const id = await sign(room, '1.1', 'P1')
    await until(() => peer.seen.length >= 1, 'attempted')
    await withdraw(room, id)
    silent = false
    expect((await settled(room)).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'notice delivered',
      'cancel delivered',
    ])
    expect(said(peer).at(-1)).toBe(`cancel ${id}`)
    const notices = peer.seen.filter(({ kind }) => kind === 'notice')
    expect(new Set(notices.map(({ controlId }) => controlId)).size).toBe(1)
  })
})

describe('circuit', () => {
  it('opens where nobody answers, is seen, closes when one message gets through, and then nobody waits', async () => {
    const away = await peerOf()
    await away.stop()
    const room = await open([
      target(away.port, {
        retrySeconds: 60,
        retryMaximumSeconds: 60,
        circuit: { failures: 3, coolDownSeconds: 1 },
      }),
    ])
    await room.critical.start()
    for (let i = 0; i < 6; i++) await sign(room, `1.${i}`, `P${i}`)
    await until(async () => (await targets(room))[0]?.circuit === 'open', 'open')
    const [seen] = await targets(room)
    expect(seen).toMatchObject({
      name: 'his',
      kind: 'hl7-mllp',
      address: `127.0.0.1:${away.port}`,
      tls: false,
      waiting: 6,
      deadLetters: 0,
      lastError: 'unreachable',
      lastSuccessAt: null,
    })
    expect(seen?.resumesAt).toBeGreaterThan(Date.now() - 1000)
    const peer = await peerOf(() => 'AA', away.port)
    // Each had a minute to wait: the one that got through woke them.
    await settled(room)
    expect(peer.seen.length).toBe(6)
    expect((await targets(room))[0]).toMatchObject({ circuit: 'closed', resumesAt: null, waiting: 0 })
  })

  it('is tried at once where the administrator says so', async () => {
    const away = await peerOf()
    await away.stop()
    const room = await open([target(away.port, { circuit: { failures: 1, coolDownSeconds: 3600 } })])
    await room.critical.start()
    await sign(room, '1.1', 'P1')
    await until(async () => (await targets(room))[0]?.circuit === 'open', 'open')
    const peer = await peerOf(() => 'AA', away.port)
    await room.handlers.resumeTarget(call(room, { target: 'his' }, undefined))
    await settled(room)
    expect(peer.seen.length).toBe(1)
    expect((await room.audit.tail()).map(({ action }) => action)).toContain('interface.resumed')
    await expect(room.handlers.resumeTarget(call(room, { target: 'x' }, undefined))).rejects.toMatchObject({
      code: 'target-unknown',
    })
  })

  it('lets others pass a message that the target chokes on', async () => {
    const peer = await peerOf(({ content }) => (content === '毒' ? 'hang up' : 'AA'))
    const room = await open([target(peer.port, { connections: 1 })])
    await room.critical.start()
    const poison = await sign(room, '1.0', 'P0', '毒')
    await until(async () => (await targets(room))[0]?.circuit === 'open', 'open')
    const others = []
    for (let i = 1; i <= 5; i++) others.push(await sign(room, `1.${i}`, `P${i}`))
    const delivered = async () =>
      (await outboxOf(room)).filter(({ state }) => state === 'delivered').map((row) => row.alert_id)
    await until(async () => (await delivered()).length === 5, 'others delivered')
    expect(await delivered()).toEqual(others)
    expect((await outboxOf(room))[0]).toMatchObject({ alert_id: poison, delivered_at: null })
  })
})

describe('a patient’s order', () => {
  it('does not hold an alert for ever behind one that the target goes on refusing; its own withdrawal waits', async () => {
    let first = ''
    const peer = await peerOf(({ alertId }) => (alertId === first ? 'AE' : 'AA'))
    const room = await open([target(peer.port)])
    first = await sign(room, '1.1', 'P1')
    const second = await sign(room, '1.2', 'P1')
    await room.critical.start()
    const tries = () => peer.seen.filter(({ alertId }) => alertId === first).length
    await until(() => tries() > 7, 'refused again and again')
    expect(said(peer)).not.toContain(`notice ${second}`)
    await withdraw(room, first)
    const minuteAgo = Date.now() - 61_000
    await room.store.db.updateTable('outbox').set({ created_at: minuteAgo }).execute()
    await until(() => said(peer).includes(`notice ${second}`), 'passed')
    const then = tries()
    await until(() => tries() > then, 'tried on')
    expect(said(peer)).not.toContain(`cancel ${first}`)
    first = ''
    expect((await settled(room)).map(({ kind, state }) => `${kind} ${state}`)).toEqual(
      expect.arrayContaining(['notice delivered', 'notice delivered', 'cancel delivered']),
    )
  })
})

describe('dead letters', () => {
  it('are listed, hold nobody up, and go out again when somebody says so', async () => {
    let mended = false
    const peer = await peerOf(({ content }) => (content === '坏' && !mended ? 'AE:101' : 'AA'))
    const room = await open([target(peer.port)])
    await room.critical.start()
    const bad = await sign(room, '1.1', 'P1', '坏')
    const later = await sign(room, '1.2', 'P1')
    await settled(room)
    const [letter] = await letters(room)
    expect(letter).toMatchObject({
      alertId: bad,
      kind: 'notice',
      target: 'his',
      type: 'TENSION_PNEUMOTHORAX',
      level: 'red',
      attempts: 1,
      error: 'AE:101',
    })
    expect((await targets(room))[0]).toMatchObject({ deadLetters: 1, lastError: 'AE:101' })
    expect(said(peer)).toEqual([`notice ${bad}`, `notice ${later}`])
    mended = true
    await replay(room, letter!.id)
    const rows = await settled(room)
    expect(rows.map(({ state }) => state)).toEqual(['delivered', 'delivered'])
    expect(await letters(room)).toEqual([])
    expect(peer.seen[2]).toMatchObject({ alertId: bad, controlId: peer.seen[0]?.controlId })
    expect((await room.audit.tail()).find(({ action }) => action === 'alert.replayed')).toMatchObject({
      actor: 'account:li',
      detail: { target: 'his', by: { accountId: 'li' } },
    })
    await expect(replay(room, letter!.id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('of an alert that was taken back stay where they are', async () => {
    const peer = await peerOf(() => 'AE:101')
    const room = await open([target(peer.port)])
    await room.critical.start()
    const id = await sign(room, '1.1', 'P1')
    await settled(room)
    await withdraw(room, id)
    await settled(room)
    const notice = (await letters(room)).find(({ kind }) => kind === 'notice')!
    await expect(replay(room, notice.id)).rejects.toMatchObject({ code: 'alert-not-open' })
  })

  it('are made of what was tried too often only where the configuration says so', async () => {
    const peer = await peerOf(() => 'AR')
    const room = await open([target(peer.port, { giveUpAfter: 3 })])
    await room.critical.start()
    await sign(room, '1.1', 'P1')
    expect(await settled(room)).toMatchObject([{ state: 'refused', attempts: 3, last_error: 'AR' }])
  })
})

describe('several connections', () => {
  it('send different patients at the same time, and one patient’s in order', async () => {
    let flying = 0
    let most = 0
    const inFlight = new Set<string>()
    const peer = await peerOf(async ({ patientId }) => {
      expect(inFlight.has(patientId)).toBe(false)
      inFlight.add(patientId)
      most = Math.max(most, ++flying)
      await sleep(30)
      flying--
      inFlight.delete(patientId)
      return 'AA'
    })
    const room = await open([target(peer.port, { connections: 3 })])
    const ids: string[] = []
    for (let i = 0; i < 12; i++) ids.push(await sign(room, `1.${i}`, `P${i % 4}`))
    await room.critical.start()
    await settled(room)
    expect(most).toBe(3)
    expect(peer.connections()).toBe(3)
    for (const patient of ['P0', 'P1', 'P2', 'P3']) {
      const got = peer.seen.filter(({ patientId }) => patientId === patient).map(({ alertId }) => alertId)
      expect(got).toEqual(ids.filter((id) => got.includes(id)))
    }
  })
})

describe('a target under a new name', () => {
  it('gets what waited for the old one, every kind, in the order that it had', async () => {
    const peer = await peerOf(() => 'hang up')
    const before = await openSendingRoom([
      target(peer.port, { circuit: { failures: 1, coolDownSeconds: 0.05 } }),
    ])
    await before.critical.start()
    const first = await sign(before, '1.1', 'P1')
    await until(() => peer.seen.length > 0, 'attempted')
    await withdraw(before, first)
    const second = await sign(before, '1.2', 'P1')
    await before.critical.stop()
    await before.store.close()
    const next = await peerOf()
    const room = await open([target(next.port, { name: 'new' })], {
      dir: before.dir,
      masterKey: before.masterKey,
    })
    await room.critical.start()
    await settled(room)
    expect(said(next)).toEqual([`notice ${first}`, `cancel ${first}`, `notice ${second}`])
    // It may be the same system: a repeat is told by its control id.
    expect(next.seen[0]?.controlId).toBe(peer.seen[0]?.controlId)
  })

  it('is told of a withdrawal where the system under the old name may have the alert', async () => {
    const peer = await peerOf(() => 'hang up')
    const before = await openSendingRoom([
      target(peer.port, { circuit: { failures: 1, coolDownSeconds: 0.05 } }),
    ])
    await before.critical.start()
    const id = await sign(before, '1.1', 'P1')
    await until(() => peer.seen.length > 0, 'attempted')
    await before.critical.stop()
    await before.store.close()
    const away = await peerOf()
    await away.stop()
    const room = await open([target(away.port, { name: 'new' })], {
      dir: before.dir,
      masterKey: before.masterKey,
    })
    await room.critical.start()
    await withdraw(room, id)
    const next = await peerOf(() => 'AA', away.port)
    await settled(room)
    expect(said(next)).toEqual([`notice ${id}`, `cancel ${id}`])
  })
})

describe('trying an interface', () => {
  it('sends an alert that says that it is a test, outside of the outbox, and shows both sides', async () => {
    const peer = await peerOf()
    const room = await open([target(peer.port)])
    const result = await room.handlers.sendTestAlert(call(room, { target: 'his' }, undefined))
    expect(result).toMatchObject({ outcome: 'delivered', error: null })
    expect(result.exchange.request).toContain('【测试】')
    expect(result.exchange.request).toMatch(/^MSH(\|[^|]*){9}\|T\|/)
    expect(result.exchange.response).toContain('MSA|AA|')
    expect(result.ms).toBeGreaterThan(0)
    expect(peer.seen[0]?.content).toContain('【测试】')
    expect(peer.seen[0]?.alertId.length).toBe(16)
    expect(await outboxOf(room)).toEqual([])
    await peer.stop()
    expect(await room.handlers.sendTestAlert(call(room, { target: 'his' }, undefined))).toMatchObject({
      outcome: 'retry',
      exchange: { response: null },
    })
    expect((await room.audit.tail()).filter(({ action }) => action === 'interface.tested')).toMatchObject([
      { outcome: 'failed', object: 'target:his' },
      { outcome: 'success', object: 'target:his', actor: 'account:li' },
    ])
  })
})

describe('a database that was tampered with', () => {
  it.each(['alert_id', 'target', 'kind'] as const)(
    'gives up a message whose %s is another’s',
    async (column) => {
      const peers = { a: await peerOf(), b: await peerOf() }
      const room = await open([target(peers.a.port, { name: 'a' }), target(peers.b.port, { name: 'b' })])
      const first = await sign(room, '1.1', 'P1')
      const second = await sign(room, '1.2', 'P2')
      const [row] = (await outboxOf(room)).filter((one) => one.alert_id === first && one.target === 'a')
      await room.store.db.deleteFrom('outbox').where('id', '<>', row!.id).execute()
      const other = { alert_id: second, target: 'b', kind: 'escalation' as const }[column]
      await room.store.db
        .updateTable('outbox')
        .set({ [column]: other })
        .execute()
      await room.critical.start()
      expect(await settled(room)).toMatchObject([{ state: 'refused', last_error: 'record-damaged' }])
      expect([...peers.a.seen, ...peers.b.seen]).toEqual([])
    },
  )

  it('starts all the same where a message for a target that is gone cannot be read', async () => {
    const peer = await peerOf()
    const before = await openSendingRoom([target(peer.port)])
    const damaged = await sign(before, '1.1', 'P1')
    const whole = await sign(before, '1.2', 'P1')
    await before.store.db
      .updateTable('outbox')
      .set({ sealed_message: 'v1.AAAA' })
      .where('alert_id', '=', damaged)
      .execute()
    await before.store.close()
    const room = await open([target(peer.port, { name: 'new' })], {
      dir: before.dir,
      masterKey: before.masterKey,
    })
    await room.critical.start()
    await settled(room)
    expect(said(peer)).toEqual([`notice ${whole}`])
    expect((await letters(room)).map(({ error }) => error)).toEqual(['record-damaged'])
  })

  it('goes on with others where one outcome can never be written', async () => {
    const peer = await peerOf()
    const room = await open([target(peer.port, { connections: 1 })])
    const stuck = await sign(room, '1.0', 'P0')
    await sql`create trigger stuck before update on outbox when new.state = 'delivered' and new.alert_id = ${sql.lit(stuck)} begin select raise(abort, 'no'); end`.execute(
      room.store.db,
    )
    await room.critical.start()
    await until(() => peer.seen.length === 1, 'sent')
    const other = await sign(room, '1.1', 'P1')
    room.critical.wake()
    await until(() => peer.seen.length === 2, 'another one sent')
    await sleep(1500)
    expect((await outboxOf(room)).map(({ state }) => state)).toEqual(['sending', 'delivered'])
    await sql`drop trigger stuck`.execute(room.store.db)
    await settled(room)
    expect(said(peer)).toEqual([`notice ${stuck}`, `notice ${other}`])
  })
})
