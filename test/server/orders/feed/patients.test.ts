import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { orderFits, patientIndex } from '../../../../src/server/orders/index.ts'
import { senderSkipReason } from '../../../hl7-sender/index.ts'
import { aStudy } from '../../reports/reading-room.ts'
import { openHospital } from './hospital.ts'
import { msh, orm, pid, pv1, text } from './messages.ts'

const skipped = senderSkipReason
let hospital: Awaited<ReturnType<typeof openHospital>>
let failMoves = false

describe.skipIf(skipped)(`patients of an order feed${skipped ? ` (${skipped})` : ''}`, () => {
  beforeEach(async () => {
    failMoves = false
    hospital = await openHospital(
      {},
      { onMove: async () => (failMoves ? Promise.reject(new Error('not now')) : undefined) },
    )
  })
  afterEach(() => hospital.close())

  const codes = async (...messages: string[]) =>
    (await hospital.sender().send(...messages)).map(({ code }) => code)
  const order = async (accession: string) => (await hospital.orders.byAccession(accession))?.order
  const adt = (event: string, at: string, ...segments: string[]) =>
    text(msh(`ADT^${event}`, { at }), 'EVN||20261122', ...segments)
  const merge = (surviving: string, merged: string) =>
    text(msh('ADT^A40^ADT_A39'), 'EVN||20261122', pid(surviving), `MRG|${merged}^^^HIS^PI`)
  const index = (id: string) => patientIndex(hospital.foundation.protection, id)

  it('A08 brings new facts to all their orders, of their place to those of the visit only', async () => {
    await codes(orm('A1'), orm('A2').replace('V77', 'V60'), orm('A3', { patient: 'P2' }))
    const update = adt('A08', '20261122151000', pid('P1001', { name: '张玮', sex: 'F' }), pv1('ICU^^3', 'E'))
    expect(await codes(update)).toEqual(['AA'])
    expect(await order('A1')).toMatchObject({
      patientName: '张玮',
      sex: 'F',
      ward: 'ICU',
      bed: '3',
      patientClass: 'emergency',
    })
    expect(await order('A2')).toMatchObject({
      patientName: '张玮',
      sex: 'F',
      ward: '呼吸内科病区',
      bed: '12',
    })
    expect(await order('A3')).toMatchObject({ patientName: '张伟' })
    expect(await hospital.audited('order.patient')).toHaveLength(2)
  })

  it('A02 moves them, and whoever waits for an answer is told where', async () => {
    await codes(orm('A1'))
    hospital.events.length = 0
    expect(await codes(adt('A02', '20261122151000', pid(), pv1('ICU^^3^重症医学科')))).toEqual(['AA'])
    expect(hospital.moves).toEqual([
      { patientId: 'P1001', visitNumber: 'V77', ward: 'ICU', bed: '3', department: '重症医学科' },
    ])
    expect(hospital.events).toEqual([{ kind: 'worklist-changed' }])
    // Without an order here the patient may still have an alert.
    await codes(adt('A02', '20261122151000', pid('P404'), pv1('ICU^^4')))
    expect(hospital.moves).toHaveLength(2)
    // What was sent before the move does not bring them back.
    await codes(adt('A08', '20261122150900', pid(), pv1('旧病区^^1')))
    expect(await order('A1')).toMatchObject({ ward: 'ICU' })
    expect(hospital.moves).toHaveLength(2)
    // An update that brings another place is a move too.
    await codes(adt('A08', '20261122152000', pid(), pv1('普外^^8')))
    expect(hospital.moves.at(-1)).toMatchObject({ ward: '普外', bed: '8' })
    const told = hospital.moves.length
    // Nor does an older move that comes late.
    expect(await codes(adt('A02', '20261122151500', pid(), pv1('旧病区^^1')))).toEqual(['AA'])
    expect(await order('A1')).toMatchObject({ ward: '普外' })
    expect(hospital.moves).toHaveLength(told)
  })

  it.each(['A02', 'A08'])(
    'a move (%s) that could not be told is not acknowledged, and told when it comes again',
    async (event) => {
      await codes(orm('A1'))
      failMoves = true
      const move = adt(event, '20261122151000', pid(), pv1('ICU^^3'))
      expect(await codes(move)).toEqual(['AE'])
      expect((await hospital.waiting())[0]).toMatchObject({ reason: 'internal' })
      failMoves = false
      expect(await codes(move)).toEqual(['AA'])
      expect(hospital.moves).toHaveLength(2)
      expect(await hospital.waiting()).toEqual([])
      expect(await codes(move)).toEqual(['AA'])
      expect(hospital.moves).toHaveLength(2)
    },
  )

  it('A40 puts two numbers of one person together, and what came under either', async () => {
    await codes(orm('A1', { patient: 'OLD' }), orm('A2', { patient: 'NEW' }))
    expect(await codes(merge('NEW', 'OLD'))).toEqual(['AA'])
    expect((await order('A1'))?.patientId).toBe('NEW')
    // An order that still comes under the old number.
    await codes(orm('A3', { patient: 'OLD' }))
    expect((await order('A3'))?.patientId).toBe('NEW')
    const samePatient = await hospital.orders.samePatient()
    const study = aStudy('1.2', { patientId: 'OLD', accessionNumber: 'A1' })
    expect(orderFits((await order('A1'))!, study, samePatient)).toBe(true)
    expect((await hospital.orders.ofStudy(study)).kept?.order.accessionNumber).toBe('A1')
    expect((await hospital.orders.ofStudy({ ...study, patientId: 'OTHER' })).kept).toBeNull()
    expect((await hospital.orders.patientsOf(index('OLD'))).sort()).toEqual(
      [index('NEW'), index('OLD')].sort(),
    )
    expect(await hospital.orders.patientsOf(index('OTHER'))).toEqual([index('OTHER')])
    const stored = JSON.stringify(
      await hospital.foundation.store.db.selectFrom('patient_merges').selectAll().execute(),
    )
    for (const secret of ['OLD', 'NEW']) expect(stored).not.toContain(`"${secret}"`)
  })

  it('follows chains of merges, from whichever end', async () => {
    await codes(orm('A1', { patient: 'P1' }))
    expect(await codes(merge('P2', 'P1'), merge('P3', 'P2'), merge('P3', 'P0'))).toEqual(['AA', 'AA', 'AA'])
    expect((await order('A1'))?.patientId).toBe('P3')
    const all = ['P0', 'P1', 'P2', 'P3'].map(index).sort()
    for (const id of ['P0', 'P1', 'P2', 'P3'])
      expect((await hospital.orders.patientsOf(index(id))).sort()).toEqual(all)
    const samePatient = await hospital.orders.samePatient()
    expect(samePatient('P0', 'P1')).toBe(true)
    expect(samePatient('P0', 'P9')).toBe(false)
    // Into a number that is itself merged: it is the person's present one that counts.
    expect(await codes(merge('P1', 'P8'))).toEqual(['AA'])
    await codes(orm('A8', { patient: 'P8' }))
    expect((await order('A8'))?.patientId).toBe('P3')
  })

  it('contradictions merge nobody: a circle, a second owner, a message that names only one', async () => {
    await codes(orm('A1', { patient: 'P1' }), orm('A2', { patient: 'P2' }), orm('A3', { patient: 'P3' }))
    expect(await codes(merge('P2', 'P1'))).toEqual(['AA'])
    // Again, in other words, by another message: nothing new.
    expect(await codes(merge('P2', 'P1'))).toEqual(['AA'])
    expect(await codes(merge('P1', 'P2'), merge('P3', 'P1'))).toEqual(['AE', 'AE'])
    const halfMessage = text(msh('ADT^A40'), pid('P3'), 'MRG|')
    // A whole pair and a half one: neither.
    const half = text(msh('ADT^A40'), pid('P3'), 'MRG|P2', pid('P9'), 'MRG|')
    expect(await codes(halfMessage, half)).toEqual(['AE', 'AE'])
    expect((await order('A2'))?.patientId).toBe('P2')
    expect((await order('A3'))?.patientId).toBe('P3')
    expect((await hospital.waiting()).map(({ where }) => where)).toEqual([
      'MRG[2]-1',
      'MRG-1',
      'MRG-1',
      'MRG-1',
    ])
    expect(await hospital.audited('patient.merged')).toHaveLength(1)
  })

  it('a merge that was changed in the database joins nobody, and is reported', async () => {
    await codes(merge('P2', 'P1'), merge('P4', 'P3'))
    const { db } = hospital.foundation.store
    const [a, b] = await db.selectFrom('patient_merges').selectAll().execute()
    await db
      .updateTable('patient_merges')
      .set({ surviving_index: b!.surviving_index })
      .where('merged_index', '=', a!.merged_index)
      .execute()
    const samePatient = await hospital.orders.samePatient()
    expect(
      [samePatient('P1', 'P2'), samePatient('P1', 'P4'), samePatient('P3', 'P4')].filter(Boolean),
    ).toHaveLength(1)
    // Alerts are looked for under the ids of both ends: not under those of another person.
    expect(await hospital.orders.patientsOf(a!.merged_index)).toEqual([a!.merged_index])
    expect(await hospital.audited('integrity.failed')).toEqual(['integrity.failed'])
  })
})
