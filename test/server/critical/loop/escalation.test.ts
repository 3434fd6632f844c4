import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { type Critical, createCritical } from '../../../../src/server/critical/index.ts'
import { createIncoming } from '../../../../src/server/incoming/index.ts'
import { createDamageReports } from '../../../../src/server/integrity/index.ts'
import { createSignedCorpus } from '../../../../src/server/reports/index.ts'
import type { ReadingRoom } from '../../reports/reading-room.ts'
import { anAnswer, attentionOf, auditOf, eventsOf, minute, openWard, raise, stateOf, until } from './ward.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function open(
  rules: object = {},
  { config = {}, ...at }: Parameters<typeof openWard>[2] & { config?: object } = {},
): Promise<ReadingRoom> {
  const room = await openWard(config, rules, at)
  cleanups.push(() => room.close())
  return room
}

async function start(room: ReadingRoom): Promise<void> {
  await room.critical.start()
  cleanups.push(() => room.critical.stop())
}

/** The critical values of a second gateway on the same store. */
function besides({ foundation, announcements }: ReadingRoom): Promise<Critical> {
  return createCritical({
    foundation,
    announcements,
    incoming: createIncoming(foundation),
    dictionary: null,
    pastReports: createSignedCorpus(foundation, { damage: createDamageReports(foundation) }),
    displayNames: async () => new Map(),
    restriction: async () => null,
    verifyAlertCheck: () => Promise.reject(new Error('not asked here')),
  })
}

/** Moves the clock, and lets the loop see it. */
function pass(room: ReadingRoom, ms: number): void {
  room.time.now += ms
  room.critical.wake()
}

/** Long enough for the loop to have looked several times. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 1300))

const hops = async (room: ReadingRoom, alert: string) =>
  (await eventsOf(room, alert, 'escalated', 'exhausted')).map(({ event, recordedAt }) => ({
    to: event.kind === 'escalated' ? event.to.name : 'exhausted',
    awaited: event.awaited,
    at: recordedAt,
  }))

const messages = async (room: ReadingRoom, alert: string) =>
  (
    await room.store.db.selectFrom('outbox').selectAll().where('alert_id', '=', alert).orderBy('id').execute()
  ).map(({ kind, state }) => `${kind} ${state}`)

describe('an alert that nobody answers', () => {
  it('goes through the whole chain, a hop at a time, then asks for a telephone call as often as a hop', async () => {
    const room = await open()
    const alert = await raise(room)
    const released = room.time.now
    await start(room)
    const expected: Awaited<ReturnType<typeof hops>> = []
    const reaches = async (after: number, to: string) => {
      pass(room, released + after - 1 - room.time.now)
      await settle()
      expect(await hops(room, alert)).toEqual(expected)
      pass(room, 1)
      expected.push({ to, awaited: 'receive', at: released + after })
      await until(async () => (await hops(room, alert)).length === expected.length, to)
      expect(await hops(room, alert)).toEqual(expected)
    }
    await reaches(5 * minute, '陈医生')
    await reaches(10 * minute, '呼吸内科主任')
    await reaches(15 * minute, '总值班')
    await reaches(20 * minute, 'exhausted')
    await reaches(25 * minute, 'exhausted')

    expect(await stateOf(room, alert)).toMatchObject({ hops: 3, exhausted: true })
    const attention = attentionOf(room).filter((one) => one.alert === alert)
    expect(attention.map(({ why, to }) => `${why} ${to}`)).toEqual([
      ...Array(3).fill('escalated li'),
      // Whoever is there must telephone: the reporter may have gone home.
      ...Array(2).fill('exhausted all'),
    ])
    expect(await messages(room, alert)).toEqual([
      expect.stringMatching(/^notice /),
      ...Array(3).fill('escalation queued'),
    ])
    expect(await auditOf(room, 'alert.escalated')).toHaveLength(3)
  }, 30_000)

  it('is one step further, not twelve, after a gateway that was down for an hour', async () => {
    const room = await open()
    const alert = await raise(room)
    room.time.now += 60 * minute
    await start(room)
    await until(async () => (await hops(room, alert)).length > 0, 'a hop')
    await settle()
    expect(await hops(room, alert)).toEqual([{ to: '陈医生', awaited: 'receive', at: room.time.now }])
  })
})

describe('an answer', () => {
  it('stops the clock for receiving; handling has its own, and goes on up the chain', async () => {
    const room = await open()
    const alert = await raise(room)
    await start(room)
    pass(room, 5 * minute)
    await until(async () => (await hops(room, alert)).length === 1, 'the doctor')
    await room.critical.takeReply(anAnswer(alert), { source: 'http', system: 'his' })
    // Nobody need be told any more what has been received.
    expect((await messages(room, alert))[1]).toBe('escalation cancelled')
    pass(room, 20 * minute)
    await settle()
    expect(await hops(room, alert)).toHaveLength(1)
    pass(room, 5 * minute)
    await until(async () => (await hops(room, alert)).length === 2, 'handling overdue')
    expect((await hops(room, alert))[1]).toMatchObject({ to: '呼吸内科主任', awaited: 'handle' })
    await room.critical.takeReply(anAnswer(alert, { id: 'R-2', step: 'handled' }), {
      source: 'http',
      system: 'his',
    })
    pass(room, 60 * minute)
    await settle()
    expect(await hops(room, alert)).toHaveLength(2)
  }, 20_000)

  it('by telephone stops what was to go out to the next as well', async () => {
    const room = await open()
    const alert = await raise(room)
    await start(room)
    pass(room, 5 * minute)
    await until(async () => (await hops(room, alert)).length === 1, 'the doctor')
    const called = { name: '周护士', role: 'nurse' as const, phone: '8001' }
    const call = (reached: boolean) => ({ called, reached, readBack: reached, remark: '', at: room.time.now })
    const asked = (reached: boolean) =>
      room.request('li', { params: { alert }, query: undefined, body: call(reached) })
    await room.handlers.recordPhoneCall(asked(false))
    expect((await messages(room, alert))[1]).toBe('escalation queued')
    await room.handlers.recordPhoneCall(asked(true))
    expect((await messages(room, alert))[1]).toBe('escalation cancelled')
  })

  it('that handles it closes it by itself some time later', async () => {
    const room = await open({ closeAfterHours: 1 })
    const alert = await raise(room)
    await start(room)
    await room.critical.takeReply(anAnswer(alert, { step: 'handled' }), { source: 'mllp', system: 'his' })
    pass(room, 60 * minute - 1)
    await settle()
    expect((await stateOf(room, alert)).status).toBe('handled')
    pass(room, 1)
    await until(async () => (await stateOf(room, alert)).status === 'closed', 'closed')
    const [closed] = await eventsOf(room, alert, 'closed')
    expect(closed!.event.by).toBeNull()
  })
})

describe('what is withdrawn', () => {
  it('is told to nobody further', async () => {
    const room = await open()
    const alert = await raise(room)
    await start(room)
    await room.handlers.withdrawAlert(
      room.request('li', { params: { alert }, query: undefined, body: { reason: '部位有误' } }),
    )
    pass(room, 600 * minute)
    await settle()
    expect(await hops(room, alert)).toEqual([])
  })
})

describe('an alert that waits for its second check', () => {
  it('goes out unchecked when its time is over, and says so; its deadlines begin then', async () => {
    const room = await open({ secondCheck: { mode: 'required', releaseAfterMinutes: 3 } })
    const alert = await raise(room)
    await start(room)
    pass(room, 3 * minute - 1)
    await settle()
    expect((await stateOf(room, alert)).status).toBe('awaiting-check')
    expect(await messages(room, alert)).toEqual([])
    pass(room, 1)
    await until(async () => (await stateOf(room, alert)).status !== 'awaiting-check', 'released')
    const [released] = await eventsOf(room, alert, 'released')
    expect(released!.event.unchecked).toBe(true)
    expect(attentionOf(room).at(-1)).toEqual({ why: 'released-unchecked', alert, to: 'li' })
    expect((await messages(room, alert)).map((one) => one.split(' ')[0])).toEqual(['notice'])
    expect((await stateOf(room, alert)).due).toEqual({ awaited: 'receive', at: room.time.now + 5 * minute })
  })
})

describe('two gateways on one store', () => {
  it('tell each hop once', async () => {
    const room = await open()
    const other = await besides(room)
    const alerts = await Promise.all(['P1', 'P2', 'P3', 'P4'].map((patientId) => raise(room, { patientId })))
    await start(room)
    await other.start()
    cleanups.push(() => other.stop())
    for (let hop = 1; hop <= 4; hop++) {
      room.time.now += 5 * minute
      room.critical.wake()
      other.wake()
      for (const alert of alerts)
        await until(async () => (await hops(room, alert)).length >= hop, `hop ${hop}`)
    }
    await settle()
    for (const alert of alerts)
      expect((await hops(room, alert)).map(({ to }) => to)).toEqual([
        '陈医生',
        '呼吸内科主任',
        '总值班',
        'exhausted',
      ])
    expect((await room.audit.verify()).faults).toEqual([])
  }, 30_000)
})

describe('a damaged alert', () => {
  it('is not silenced by it, and holds up no other: somebody is to telephone', async () => {
    const room = await open()
    const alert = await raise(room)
    const other = await raise(room, { patientId: 'P2' })
    await sql`drop trigger alerts_no_update`.execute(room.store.db)
    await room.store.db
      .updateTable('alerts')
      .set({ sealed_alert: 'v1.AAAA' })
      .where('id', '=', alert)
      .execute()
    await start(room)
    pass(room, 5 * minute)
    await until(
      () => attentionOf(room).some((one) => one.why === 'exhausted' && one.alert === alert),
      'a call',
    )
    await until(async () => (await hops(room, other)).length === 1, 'the other alert')
    expect(await auditOf(room, 'integrity.failed')).not.toEqual([])
  })

  it('past mending is followed again once a good copy was put back', async () => {
    const room = await open()
    const alert = await raise(room)
    const { db } = room.store
    await sql`drop trigger alerts_no_update`.execute(db)
    const good = await db.selectFrom('alerts').selectAll().executeTakeFirstOrThrow()
    const standing = await db.selectFrom('alert_standings').selectAll().executeTakeFirstOrThrow()
    await db.updateTable('alerts').set({ sealed_alert: 'v1.AAAA' }).execute()
    await db.updateTable('alert_standings').set({ sealed_standing: 'v1.AAAA' }).execute()
    await start(room)
    pass(room, 5 * minute)
    await until(async () => (await auditOf(room, 'integrity.failed')).length >= 2, 'noticed')
    await settle()
    await db.updateTable('alerts').set({ sealed_alert: good.sealed_alert }).execute()
    await db.updateTable('alert_standings').set({ sealed_standing: standing.sealed_standing }).execute()
    pass(room, 2 * minute)
    await until(async () => (await hops(room, alert)).length === 1, 'the doctor')
  }, 20_000)
})
