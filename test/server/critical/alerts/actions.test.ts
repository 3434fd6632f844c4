import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import defaultDictionary from '../../../../assets/dictionary/default.json' with { type: 'json' }
import { patientIndex } from '../../../../src/server/orders/index.ts'
import type { PhoneCall } from '../../../../src/shared/api/index.ts'
import { anOrder, aStudy, openReadingRoom, type ReadingRoom } from '../../reports/reading-room.ts'

const study = '1.2.3.4'
const target = { name: 'his', kind: 'hl7-mllp', host: '127.0.0.1', port: 9 }
const contacts = [
  { kind: 'ward', department: 'ICU', name: 'ICU护士站', code: 'ICU', phone: '8001' },
  { kind: 'department-head', department: '重症医学科', name: '吴主任', code: 'H9', phone: '8009' },
]

let room: ReadingRoom
let id: string
beforeEach(async () => {
  room = await openReadingRoom(
    { criticalTargets: [target] },
    { dictionary: { ...defaultDictionary, rules: { contacts } } },
  )
  room.studies.set(study, aStudy(study, { accessionNumber: 'A1' }))
  await room.orders.importOrders([anOrder('A1')], { kind: 'cli', id: 'test' })
  id = (await room.signOff('li', study, { findings: '右侧张力性气胸。', impression: '' })).alerts[0]!.id
  room.time.now += 60_000
})
afterEach(() => room.close())

const code = (expected: string, facts: object = {}) =>
  expect.objectContaining({ code: expected, facts: expect.objectContaining(facts) })
const asked = <B>(who: string, body: B, alert = id) =>
  room.request(who, { params: { alert }, query: undefined, body })
const detail = (alert = id) => room.handlers.alert(asked('wang', undefined, alert))
const events = async () => (await detail()).events.map(({ event }) => event)
const withdraw = (who: string, reason = '复阅无气胸') => room.handlers.withdrawAlert(asked(who, { reason }))
const close = (who: string) => room.handlers.closeAlert(asked(who, undefined))
const call = (who: string, facts: Partial<PhoneCall> = {}) =>
  room.handlers.recordPhoneCall(
    asked(who, {
      called: { name: '周护士', role: 'nurse' as const, phone: '8001' },
      reached: true,
      readBack: true,
      remark: '',
      at: room.time.now,
      ...facts,
    }),
  )
const refusals = async () =>
  (await room.audit.tail())
    .filter(({ outcome }) => outcome === 'refused')
    .map(({ action, detail: { code: refused } }) => [action, refused])

describe('one alert', () => {
  it('is told with what it stands on, whom it is about and all that happened', async () => {
    expect(await detail()).toMatchObject({
      alert: { id, own: false, state: { status: 'sent' } },
      excerpt: '右侧张力性气胸。',
      // For who is not cleared for it, as delivered.
      patientPhone: '****99',
      orderingDoctor: '陈医生',
      orderingDepartment: '呼吸内科',
      itemName: '胸部CT平扫',
      events: [{ event: { kind: 'raised' } }, { event: { kind: 'released', unchecked: false } }],
      deliveries: [{ kind: 'notice', target: 'his', state: 'queued' }],
    })
    await expect(detail('NO-SUCH-ALERT')).rejects.toEqual(code('not-found'))
  })

  it.each([
    ['alerts', sql`update alerts set sealed_alert = 'v1.AAAA'`],
    ['alert_events', sql`update alert_events set sealed_event = 'v1.AAAA'`],
    ['alert_standings', sql`update alert_standings set status = 'closed'`],
  ])('whose %s were changed is refused as damaged, to look at and to act on', async (table, change) => {
    for (const trigger of ['alerts_no_update', 'alert_events_no_update'])
      await sql`drop trigger if exists ${sql.ref(trigger)}`.execute(room.store.db)
    await change.execute(room.store.db)
    await expect(detail()).rejects.toEqual(code('internal', { damaged: table }))
    await expect(withdraw('li')).rejects.toEqual(code('internal', { damaged: table }))
    expect((await room.audit.tail()).map(({ action }) => action)).toContain('integrity.failed')
  })
})

describe('withdrawal', () => {
  it('takes back what was not sent, once, and tells everybody', async () => {
    await withdraw('wang')
    await withdraw('wang')
    expect((await events()).filter(({ kind }) => kind === 'withdrawn')).toEqual([
      { kind: 'withdrawn', by: { accountId: 'wang', name: '王医师' }, reason: '复阅无气胸' },
    ])
    expect((await detail()).deliveries.map(({ state }) => state)).toEqual(['cancelled'])
    expect(room.events).toContainEqual({ event: { kind: 'alert-changed', alertId: id } })
    await expect(withdraw('li')).rejects.toEqual(code('alert-not-open'))
    expect(await refusals()).toEqual([['alert.withdraw', 'alert-not-open']])
  })

  it('is sent after a notice that may have arrived', async () => {
    await room.store.db.updateTable('outbox').set({ state: 'delivered', attempts: 1 }).execute()
    await withdraw('li')
    expect((await detail()).deliveries.map(({ kind }) => kind)).toEqual(['notice', 'cancel'])
  })

  it('is refused once somebody did something about it', async () => {
    await call('li', { handling: '已行闭式引流' })
    await expect(withdraw('li')).rejects.toEqual(code('alert-handled'))
    await close('li')
    await expect(withdraw('li')).rejects.toEqual(code('alert-handled'))
    expect((await detail()).alert.state.status).toBe('closed')
  })

  it('of two at once happens once', async () => {
    const results = await Promise.allSettled([withdraw('li', '误报'), withdraw('wang', '重复')])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await events()).filter(({ kind }) => kind === 'withdrawn').length).toBe(1)
  })

  it('leaves nothing behind where it fails midway', async () => {
    await sql`create trigger broken before update on outbox begin select raise(abort, 'disk full'); end`.execute(
      room.store.db,
    )
    await expect(withdraw('li')).rejects.toThrow()
    expect((await detail()).alert.state.status).toBe('sent')
    expect((await events()).map(({ kind }) => kind)).toEqual(['raised', 'released'])
    expect((await room.audit.verify()).faults).toEqual([])
  })
})

describe('a telephone call', () => {
  it('that reached somebody is a receipt; one that did not is kept', async () => {
    await call('li', { reached: false, readBack: false, remark: '无人接听' })
    expect((await detail()).alert.state.status).toBe('sent')
    room.time.now += 1000
    await call('li')
    expect((await detail()).alert.state).toMatchObject({ status: 'received', receivedAt: room.time.now })
    expect((await events()).filter(({ kind }) => kind === 'called').length).toBe(2)
  })

  it('that told of the handling is the handling too, once', async () => {
    await call('wang', { handling: '已行闭式引流' })
    await call('wang', { handling: '已行闭式引流' })
    expect((await events()).slice(2)).toEqual([
      expect.objectContaining({ kind: 'called', by: { accountId: 'wang', name: '王医师' } }),
      {
        kind: 'handled',
        by: { id: '', name: '周护士', role: 'nurse' },
        measure: '已行闭式引流',
        opinion: '',
        source: 'phone',
        at: room.time.now,
      },
    ])
    expect((await detail()).alert.state.status).toBe('handled')
  })

  it('is another one where it says anything else, if of the same minute; what they do may be told later', async () => {
    await call('li', { reached: false, readBack: false })
    await call('li')
    await call('li')
    expect((await detail()).alert.state.status).toBe('received')
    await call('li', { handling: '已行闭式引流' })
    await call('li', { handling: '已行闭式引流' })
    expect((await events()).map(({ kind }) => kind).slice(2)).toEqual([
      'called',
      'called',
      'called',
      'handled',
    ])
  })

  it('is not of tomorrow, nor of last week, nor read back by nobody', async () => {
    const now = room.time.now
    for (const [facts, field, reason] of [
      [{ at: now + 120_001 }, 'at', 'future'],
      [{ at: now - 25 * 3_600_000 }, 'at', 'too-early'],
      [{ reached: false }, 'readBack', 'not-reached'],
      [{ reached: false, readBack: false, handling: '引流' }, 'handling', 'not-reached'],
    ] as const)
      await expect(call('li', facts)).rejects.toEqual(code('bad-request', { field, reason }))
    expect((await events()).map(({ kind }) => kind)).toEqual(['raised', 'released'])
    // A workstation's clock may be a little ahead.
    await call('li', { at: now + 60_000 })
    expect((await detail()).alert.state.status).toBe('received')
  })

  it('is not recorded of an alert that is over', async () => {
    await withdraw('li')
    await expect(call('li')).rejects.toEqual(code('alert-not-open'))
    expect(await refusals()).toEqual([['alert.call', 'alert-not-open']])
  })
})

describe('closing', () => {
  it('is for what was handled, once', async () => {
    await expect(close('li')).rejects.toEqual(code('conflict'))
    await call('li', { handling: '已行闭式引流' })
    await close('wang')
    await close('wang')
    expect((await events()).filter(({ kind }) => kind === 'closed')).toEqual([
      { kind: 'closed', by: { accountId: 'wang', name: '王医师' } },
    ])
    await expect(close('li')).rejects.toEqual(code('alert-not-open'))
    const open = await room.handlers.alerts(
      room.request('li', { query: { show: 'open' as const, limit: 9 } }),
    )
    expect(open.alerts).toEqual([])
  })
})

describe('a patient who is moved', () => {
  const icu = { ward: 'ICU', bed: '3', department: '重症医学科' }
  const indexes = (patientId = 'P1') => [patientIndex(room.protection, patientId)]

  it('takes open alerts along: told to the new ward, by its own telephone, once', async () => {
    expect(await room.critical.rerouteFor(indexes(), icu)).toBe(1)
    expect(await room.critical.rerouteFor(indexes(), icu)).toBe(0)
    const { alert, events: happened, deliveries } = await detail()
    expect(alert).toMatchObject({
      ward: 'ICU',
      bed: '3',
      recipient: { kind: 'ward', name: 'ICU', department: '重症医学科', code: 'ICU', phone: '8001' },
    })
    expect(happened.at(-1)?.event).toMatchObject({ kind: 'rerouted', ward: 'ICU', bed: '3' })
    expect(deliveries.map(({ kind }) => kind)).toEqual(['notice', 'reroute'])
    expect(room.events).toContainEqual({ event: { kind: 'alert-changed', alertId: id } })
  })

  it('is not another patient, nor one of whom no ward is known', async () => {
    expect(await room.critical.rerouteFor(indexes('P2'), icu)).toBe(0)
    expect(await room.critical.rerouteFor(indexes(), { ...icu, ward: '' })).toBe(0)
    expect(await room.critical.rerouteFor([], icu)).toBe(0)
    expect((await detail()).alert.ward).toBe('呼吸内科一病区')
  })

  it('leaves alone what was handled or withdrawn, and follows what was received', async () => {
    await call('li')
    expect(await room.critical.rerouteFor(indexes(), icu)).toBe(1)
    room.time.now += 1000
    await call('li', { handling: '已行闭式引流' })
    expect(await room.critical.rerouteFor(indexes(), { ...icu, ward: '外科病区' })).toBe(0)
  })
})
