import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AlertStanding } from '../../../../src/server/critical/alerts/alert-events.ts'
import { alertView } from '../../../../src/server/critical/alerts/alert-view.ts'
import type { RaisedAlert } from '../../../../src/server/critical/alerts/raised-alert.ts'
import type { Schema } from '../../../../src/server/store/index.ts'
import { Alert } from '../../../../src/shared/alert/index.ts'
import { anOrder, aStudy, openReadingRoom, type ReadingRoom } from '../../reports/reading-room.ts'

const targets = ['his', 'phone'].map((name) => ({ name, kind: 'hl7-mllp', host: '127.0.0.1', port: 9 }))
let room: ReadingRoom
beforeEach(async () => {
  room = await openReadingRoom({ criticalTargets: targets })
  for (const uid of ['1.1', '1.2']) {
    room.studies.set(uid, aStudy(uid, { accessionNumber: `A${uid}` }))
    await room.orders.importOrders([anOrder(`A${uid}`)], { kind: 'cli', id: 'test' })
    room.time.now += 1000
    await room.signOff('li', uid, { findings: '张力性气胸。', impression: '' })
  }
})
afterEach(() => room.close())

const list = (query: { study?: string; show?: 'all' | 'open' | 'check' | 'own'; limit: number }) =>
  room.handlers.alerts(
    room.request('wang', { params: undefined, query: { show: 'all' as const, ...query }, body: undefined }),
  )

describe('alerts', () => {
  it('are listed newest first, of one study or of all, up to the limit', async () => {
    const { alerts } = await list({ limit: 10 })
    expect(alerts.map((alert) => alert.studyInstanceUid)).toEqual(['1.2', '1.1'])
    expect(alerts.map((alert) => Alert.parse(alert))).toEqual(alerts)
    expect((await list({ limit: 1 })).alerts).toEqual(alerts.slice(0, 1))
    expect((await list({ study: '1.1', limit: 10 })).alerts).toEqual(alerts.slice(1))
    expect((await list({ study: '9.9', limit: 10 })).alerts).toEqual([])
  })

  it('have one delivery for each target, with control ids of their own', async () => {
    const rows = await room.store.db.selectFrom('outbox').selectAll().execute()
    expect(rows.map((row) => row.target).sort()).toEqual(['his', 'his', 'phone', 'phone'])
    expect(new Set(rows.map((row) => row.control_id)).size).toBe(4)
    expect(rows.every((row) => row.control_id.length <= 20)).toBe(true)
  })

  it('are counted as open until a clinician has them', async () => {
    const counts = async () => [...(await room.critical.counts()).values()]
    expect(await counts()).toEqual([
      { alerts: 1, open: 1 },
      { alerts: 1, open: 1 },
    ])
    const status = (to: string) => room.store.db.updateTable('alert_standings').set({ status: to })
    await status('delivered').execute()
    expect((await counts()).map(({ open }) => open)).toEqual([1, 1])
    await status('received').execute()
    expect((await counts()).map(({ open }) => open)).toEqual([0, 0])
    await status('withdrawn').execute()
    expect(await counts()).toEqual([])
  })

  it('are ciphertext in the database', async () => {
    const rows = JSON.stringify(await room.store.db.selectFrom('alerts').selectAll().execute())
    for (const secret of ['张伟', '气胸', 'A1.1', '陈医生']) expect(rows).not.toContain(secret)
  })

  it('come with the dictionary they were raised under', async () => {
    const dictionary = await room.handlers.dictionary(
      room.request('li', { params: undefined, query: undefined, body: undefined }),
    )
    const rows = await room.store.db.selectFrom('alerts').select('dictionary_version').execute()
    expect(rows).toEqual([1, 2].map(() => ({ dictionary_version: dictionary.version })))
  })

  it('stand where their slowest delivery stands', () => {
    const delivery = (state: Schema['outbox']['state'], target: string) =>
      ({ state, target }) as Schema['outbox']
    const state = (...states: Schema['outbox']['state'][]) =>
      alertView(
        { exam: {}, order: {}, patient: {}, reporter: {} } as RaisedAlert,
        {} as AlertStanding,
        states.map((each, index) => delivery(each, `t${index}`)),
        'li',
      ).delivery
    expect(state('delivered', 'retrying')).toMatchObject({ state: 'retrying', target: 't1' })
    expect(state('retrying', 'refused', 'delivered')).toMatchObject({ state: 'refused', target: 't1' })
    expect(state('delivered', 'delivered')).toMatchObject({ state: 'delivered' })
    expect(state()).toBeNull()
  })
})
