import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOrderFeeds, patientIndex } from '../../../../src/server/orders/index.ts'
import { WorklistQuery } from '../../../../src/shared/api/index.ts'
import { type Hl7Sender, senderSkipReason, startHl7Sender } from '../../../hl7-sender/index.ts'
import { anOrder, aStudy, openReadingRoom, type ReadingRoom } from '../../reports/reading-room.ts'
import { msh, orc, orm, pid, pv1, text } from './messages.ts'

const skipped = senderSkipReason
let room: ReadingRoom
let sender: Hl7Sender
let feeds: ReturnType<typeof createOrderFeeds>

describe.skipIf(skipped)(`what a feed changes elsewhere${skipped ? ` (${skipped})` : ''}`, () => {
  beforeEach(async () => {
    room = await openReadingRoom({
      orderFeeds: [{ name: 'his', port: 0, peers: ['127.0.0.1'], zone: '+08:00' }],
    })
    const { orders, critical, incoming, announcements, foundation } = room
    feeds = createOrderFeeds(foundation, {
      incoming,
      announcements,
      onMove: async ({ patientId, ...place }) => {
        const indexes = await orders.patientsOf(patientIndex(foundation.protection, patientId))
        await critical.rerouteFor(indexes, place)
      },
    })
    await feeds.start()
    const views = await incoming.handlers.incomingFeeds(room.request('li') as never)
    sender = startHl7Sender({ port: views.feeds[0]!.port })
  })
  afterEach(async () => {
    await sender.stop()
    await feeds.stop()
    await room.close()
  })

  const send = async (...messages: string[]) => (await sender.send(...messages)).map(({ code }) => code)
  const rows = async () =>
    (
      await room.handlers.worklist(
        room.request('li', {
          params: undefined,
          query: undefined,
          body: WorklistQuery.parse({ filter: {} }),
        }),
      )
    ).rows
  const merge = (surviving: string, merged: string) =>
    text(msh('ADT^A40'), pid(surviving), `MRG|${merged}^^^HIS^PI`)

  it('an alert raised under a number that has been merged since follows the patient to the new ward', async () => {
    await send(orm('A1', { patient: 'OLD' }))
    room.studies.set('1.1', aStudy('1.1', { patientId: 'OLD', accessionNumber: 'A1' }))
    const { alerts } = await room.signOff('li', '1.1', { findings: '左侧张力性气胸。', impression: '' })
    expect(alerts).toHaveLength(1)
    expect(await send(merge('NEW', 'OLD'))).toEqual(['AA'])
    const move = text(msh('ADT^A02', { at: '20261122152000' }), pid('NEW'), pv1('ICU^^3^重症医学科'))
    expect(await send(move)).toEqual(['AA'])
    const standing = await room.store.db.selectFrom('alert_events').select('kind').execute()
    expect(standing.map(({ kind }) => kind)).toContain('rerouted')
    // Only once, however often it is said.
    await send(move, move.replace('20261122152000', '20261122152100'))
    const again = await room.store.db.selectFrom('alert_events').select('kind').execute()
    expect(again.filter(({ kind }) => kind === 'rerouted')).toHaveLength(1)
  })

  it('a report on images of a merged number carries the person’s present one', async () => {
    await send(orm('A1', { patient: 'OLD' }), merge('NEW', 'OLD'))
    room.studies.set('1.1', aStudy('1.1', { patientId: 'OLD', accessionNumber: 'A1' }))
    expect((await rows()).map((row) => [row.patientId, row.ward, row.examStatus])).toEqual([
      ['NEW', '呼吸内科病区', 'arrived'],
    ])
    const { document } = await room.prepare('li', '1.1', { findings: '未见异常。', impression: '' })
    expect(document).toMatchObject({ patientId: 'NEW', accessionNumber: 'A1' })
  })

  it('a cancelled order leaves the list, but not with images', async () => {
    const cancel = (accession: string, at: string) =>
      text(msh('ORM^O01', { at }), pid(), orc('CA', accession))
    await send(orm('A1'), orm('A2'), cancel('A1', '20261122153000'), cancel('A2', '20261122153000'))
    room.studies.set('1.2', aStudy('1.2', { patientId: 'P1001', accessionNumber: 'A2' }))
    expect((await rows()).map((row) => [row.accessionNumber, row.examStatus, row.ward])).toEqual([
      ['A2', 'arrived', '呼吸内科病区'],
    ])
  })

  it('of two orders for the same images, the hospital system’s counts, and the exam stands there once', async () => {
    const { orderedAt: _, ...typed } = anOrder('M1', {
      studyInstanceUid: '1.1',
      patientId: 'P1001',
      ward: '打错',
    })
    await room.handlers.enterOrder(room.request('zhao', { params: undefined, query: undefined, body: typed }))
    room.studies.set('1.1', aStudy('1.1', { patientId: 'P1001', accessionNumber: 'A1' }))
    expect((await rows()).map((row) => row.ward)).toEqual(['打错'])
    await send(orm('A1'))
    expect((await rows()).map((row) => [row.accessionNumber, row.ward])).toEqual([['A1', '呼吸内科病区']])
    expect((await room.orders.ofStudy(room.studies.get('1.1')!)).kept?.order.accessionNumber).toBe('A1')
  })
})
