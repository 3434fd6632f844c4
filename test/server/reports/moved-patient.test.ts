import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { needsDecision } from '../../../src/shared/critical/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import { alertFor, anOrder, aStudy, openReadingRoom, type ReadingRoom } from './reading-room.ts'

const text = { findings: '张力性气胸。', impression: '' }
let room: ReadingRoom
beforeEach(async () => {
  room = await openReadingRoom()
  room.studies.set('1.2', aStudy('1.2', { accessionNumber: 'A1' }))
  await order({})
})
afterEach(() => room.close())

const order = (facts: Parameters<typeof anOrder>[1]) =>
  room.orders.importOrders([anOrder('A1', facts)], { kind: 'cli', id: 'test' })
const move = () => order({ ward: 'ICU', bed: '3', orderingDepartment: '重症医学科' })

async function prepared() {
  const { findings, document, recipients } = await room.prepare('li', '1.2', text)
  const decisions = findings
    .filter(needsDecision)
    .map((finding) => ({ ...alertFor(finding), recipient: recipients[0]! }))
  return { ...document, decisions }
}
async function alerts() {
  const query = { study: '1.2', show: 'all' as const, limit: 9 }
  return (await room.handlers.alerts(room.request('li', { query }))).alerts
}

describe('a patient who is moved before the report is signed', () => {
  it('is looked at again: nobody is told of them at a ward that they left', async () => {
    const document = await prepared()
    await move()
    await expect(room.submit('li', '1.2', document)).rejects.toEqual(new VigilError('report-changed'))
    expect(await alerts()).toEqual([])
    await room.submit('li', '1.2', await prepared())
    expect(await alerts()).toEqual([
      expect.objectContaining({ ward: 'ICU', recipient: expect.objectContaining({ name: 'ICU' }) }),
    ])
  })

  it('is followed where it happens while the signature is proven', async () => {
    const document = await prepared()
    const { patientsOf } = room.orders
    // Asked once the exam's facts are read, right before the transaction.
    Object.assign(room.orders, {
      patientsOf: async (index: string) => {
        await move()
        return patientsOf(index)
      },
    })
    await room.submit('li', '1.2', document)
    expect(await alerts()).toEqual([
      expect.objectContaining({ ward: 'ICU', bed: '3', recipient: expect.objectContaining({ name: 'ICU' }) }),
    ])
    const rows = await room.store.db.selectFrom('outbox').select('kind').orderBy('message_id').execute()
    expect(rows.map(({ kind }) => kind)).toEqual(['notice', 'reroute'])
  })
})
