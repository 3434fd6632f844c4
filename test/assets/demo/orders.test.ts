import { describe, expect, it } from 'vitest'
import { loadDemoOrders, loadDemoPatients } from '../../../assets/demo/index.ts'
import { stableUid } from '../../../assets/phantoms/dicom/uid.ts'
import { Order } from '../../../src/shared/order/index.ts'

const now = Date.UTC(2026, 10, 22, 2, 30)
const orders = loadDemoOrders(now)
const patients = loadDemoPatients()

describe('demo patients and orders', () => {
  it('has a dozen of each, all different', () => {
    expect(patients.length).toBeGreaterThanOrEqual(12)
    expect(orders.length).toBeGreaterThanOrEqual(12)
    const unique = (values: readonly unknown[]) => expect(new Set(values).size).toBe(values.length)
    unique(patients.map((patient) => patient.patientId))
    unique(patients.map((patient) => patient.visitNumber))
    unique(patients.map((patient) => patient.name.join('')))
    unique(orders.map((order) => order.accessionNumber))
    unique(orders.map((order) => order.applicationNumber))
    unique(orders.map((order) => order.studyInstanceUid))
  })

  it('gives orders that the product accepts, each patient having one', () => {
    for (const order of orders) expect(Order.safeParse(order).success, order.accessionNumber).toBe(true)
    expect(new Set(orders.map((order) => order.patientId))).toEqual(new Set(patients.map((p) => p.patientId)))
  })

  it('follows the clock: done exams lie before now, the others after, ordered before either', () => {
    for (const order of orders) {
      if (order.phantom === null) expect(order.scheduledAt).toBeGreaterThan(now)
      else expect(order.scheduledAt).toBeLessThan(now)
      expect(order.orderedAt).toBeLessThan(order.scheduledAt)
    }
    const later = loadDemoOrders(now + 5000)
    expect(later.map((order) => order.scheduledAt - 5000)).toEqual(orders.map((order) => order.scheduledAt))
  })

  it('keeps study UIDs that follow from the accession number', () => {
    for (const order of orders) expect(order.studyInstanceUid).toBe(stableUid(order.accessionNumber))
  })

  it('covers both character sets, both priorities, all modalities and an earlier exam to compare with', () => {
    const all = <T>(pick: (order: (typeof orders)[number]) => T) => new Set(orders.map(pick))
    expect(all((order) => order.characterSet)).toEqual(new Set(['GB18030', 'ISO_IR 192']))
    expect(all((order) => order.priority)).toEqual(new Set(['stat', 'routine']))
    expect(all((order) => order.modality)).toEqual(new Set(['CT', 'MR', 'DX', 'US']))
    const done = orders.filter((order) => order.phantom !== null)
    expect(done.length - new Set(done.map((order) => order.patientId)).size).toBeGreaterThanOrEqual(2)
  })
})
