import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { anOrder, aStudy, openReadingRoom, type ReadingRoom } from '../reports/reading-room.ts'

const cli = { kind: 'cli', id: 'test' } as const
let room: ReadingRoom
beforeEach(async () => {
  room = await openReadingRoom()
})
afterEach(() => room.close())

describe('orders', () => {
  it('are added, replaced by accession number, and found', async () => {
    const given = anOrder('A1', { studyInstanceUid: '1.2' })
    expect(await room.orders.importOrders([given, anOrder('A2')], cli)).toEqual({ added: 2, replaced: 0 })
    expect(await room.orders.importOrders([{ ...given, ward: '急诊' }], cli)).toEqual({
      added: 0,
      replaced: 1,
    })
    expect((await room.orders.byAccession('A1'))?.order.ward).toBe('急诊')
    expect((await room.orders.byStudy('1.2'))?.order.accessionNumber).toBe('A1')
    expect(await room.orders.byAccession('A9')).toBeNull()
    expect((await room.orders.list()).length).toBe(2)
  })

  it('keep "exam done" when the order comes again', async () => {
    await room.orders.importOrders([anOrder('A1')], cli)
    await room.handlers.examDone(
      room.request('zhao', { params: { accession: 'A1' }, query: undefined, body: undefined }),
    )
    await room.orders.importOrders([anOrder('A1', { bed: '3' })], cli)
    expect(await room.orders.byAccession('A1')).toMatchObject({
      examDoneAt: room.time.now,
      order: { bed: '3' },
    })
    expect(room.events.at(-1)?.event.kind).toBe('worklist-changed')
  })

  it('refuse to mark an exam done that nobody ordered', async () => {
    await expect(room.orders.markExamDone('A9', cli)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('come in only when all are right, the wrong one named by index and field, its value unsaid', async () => {
    const wrong = { ...anOrder('A2'), sex: '张伟' }
    const refusal = await room.orders
      .importOrders([anOrder('A1'), wrong], cli)
      .catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'bad-request', facts: { field: 'orders[1].sex' } })
    expect(JSON.stringify(refusal)).not.toContain('张伟')
    expect(await room.orders.list()).toEqual([])
  })

  it('are written in batches, repeated imports replace', async () => {
    const many = Array.from({ length: 120 }, (_, i) => anOrder(`A${i}`, { patientId: `P${i}` }))
    expect(await room.orders.importOrders(many, cli)).toEqual({ added: 120, replaced: 0 })
    expect(await room.orders.importOrders(many, cli)).toEqual({ added: 0, replaced: 120 })
    expect((await room.orders.list()).length).toBe(120)
    expect((await room.orders.list(7)).length).toBe(7)
    expect((await room.audit.verify()).faults).toEqual([])
  })

  it('are audited, and ciphertext in the database', async () => {
    const order = anOrder('CT20261122-001', { patientId: 'PATIENT-000123' })
    await room.orders.importOrders([order], cli)
    await room.orders.importOrders([order], cli)
    expect((await room.audit.tail()).slice(0, 2).map((row) => row.action)).toEqual([
      'order.replaced',
      'order.added',
    ])
    const row = JSON.stringify(await room.store.db.selectFrom('orders').selectAll().execute())
    for (const secret of ['张伟', 'PATIENT-000123', 'CT20261122-001', '呼吸'])
      expect(row).not.toContain(secret)
  })

  it('that were damaged are left out of the list, reported once, and refused by themselves', async () => {
    await room.orders.importOrders([anOrder('A1'), anOrder('A2')], cli)
    expect((await room.orders.list()).length).toBe(2)
    // The ciphertext of one order put into the other's row: whole, but not in its place.
    const [first, second] = await room.store.db.selectFrom('orders').selectAll().execute()
    await room.store.db
      .updateTable('orders')
      .set({ sealed_order: first!.sealed_order })
      .where('id', '=', second!.id)
      .execute()
    expect((await room.orders.list()).length).toBe(1)
    expect((await room.orders.list()).length).toBe(1)
    const refusals = await Promise.allSettled(['A1', 'A2'].map(room.orders.byAccession))
    expect(refusals.filter((result) => result.status === 'rejected')).toMatchObject([
      { reason: { code: 'internal', facts: { damaged: 'orders' } } },
    ])
    expect((await room.audit.tail()).filter((row) => row.action === 'integrity.failed').length).toBe(1)
  })

  it('that were damaged keep nobody from the images and the report: both say so', async () => {
    await room.orders.importOrders([anOrder('A1', { studyInstanceUid: '1.2' })], cli)
    room.studies.set('1.2', aStudy('1.2', { accessionNumber: 'A1' }))
    const open = () =>
      room.handlers.study(room.request('li', { params: { study: '1.2' }, query: undefined, body: undefined }))
    expect(await open()).toMatchObject({ order: { accessionNumber: 'A1' } })
    expect(await open()).not.toHaveProperty('orderDamaged')
    await room.store.db.updateTable('orders').set({ sealed_order: 'AAAA' }).execute()
    expect(await open()).toMatchObject({
      study: { studyInstanceUid: '1.2' },
      order: null,
      orderDamaged: true,
    })
    const text = { findings: '右侧张力性气胸。', impression: '' }
    const prepared = await room.prepare('li', '1.2', text)
    // Nothing is made up: the facts are the images', the ward is nobody's.
    expect(prepared).toMatchObject({ orderDamaged: true, document: { exam: { patientClass: '' } } })
    expect(prepared.recipients.some(({ name }) => name === anOrder('A1').ward)).toBe(false)
    const { alerts } = await room.signOff('li', '1.2', text)
    expect(alerts).toHaveLength(1)
    const audited = await room.audit.tail()
    expect(audited.find(({ action }) => action === 'report.signed')?.detail).toMatchObject({
      orderDamaged: true,
    })
    expect(audited.filter(({ action }) => action === 'integrity.failed')).toHaveLength(1)
    // It is not typed over either: what was there is evidence, and is restored from a copy.
    const { orderedAt: _, ...typed } = anOrder('A1')
    await expect(
      room.handlers.enterOrder(room.request('zhao', { params: undefined, query: undefined, body: typed })),
    ).rejects.toMatchObject({ code: 'internal', facts: { damaged: 'orders' } })
  })

  it('are never another patient’s', async () => {
    await room.orders.importOrders([anOrder('A1', { studyInstanceUid: '1.2' })], cli)
    const study = aStudy('1.2', { accessionNumber: 'A1' })
    expect((await room.orders.ofStudy(study)).kept).not.toBeNull()
    expect((await room.orders.ofStudy({ ...study, studyInstanceUid: '7.7' })).kept).not.toBeNull()
    expect(await room.orders.ofStudy({ ...study, patientId: 'P2' })).toMatchObject({
      kept: null,
      damaged: false,
    })
  })
})

describe('orders from a file', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vigil-orders-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))
  const load = async (content: string) => {
    const file = join(dir, 'orders.json')
    await writeFile(file, content)
    return room.orders.importOrdersFile(file)
  }

  it('are taken in', async () => {
    expect(await load(JSON.stringify([anOrder('A1'), anOrder('A2')]))).toEqual({ added: 2, replaced: 0 })
  })

  it.each([
    ['张伟', /^orders\.json:\n {2}is not JSON$/],
    ['{}', /^orders\.json:\n {2}.*array/],
    [
      JSON.stringify([{ ...anOrder('A1'), birthDate: '1960-01-02', modality: 7 }]),
      /order 0, birthDate: .*\n {2}order 0, modality: /,
    ],
    [JSON.stringify([anOrder('A1'), 5]), /order 1: /],
    [
      JSON.stringify([{ ...anOrder('A1'), accessionNumber: '12345678901234567' }]),
      /order 0, accessionNumber: .*16/,
    ],
  ])('with mistakes tell where: %#', async (content, message) => {
    const error = await load(content).catch((thrown: Error) => thrown)
    expect((error as Error).message).toMatch(message)
    expect((error as Error).message).not.toMatch(/张伟|1960/)
    expect(await room.orders.list()).toEqual([])
  })
})
