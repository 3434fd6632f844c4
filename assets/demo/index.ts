import { z } from 'zod'
import { Order } from '../../src/shared/order/index.ts'
import orderList from './orders.json' with { type: 'json' }
import patientList from './patients.json' with { type: 'json' }

/** An invented person. `name` and `pinyin` are [family, given]. */
export const DemoPatient = z.strictObject({
  patientId: z.string().regex(/^\d{8}$/),
  name: z.tuple([z.string().min(1).max(4), z.string().min(1).max(4)]),
  pinyin: z.tuple([z.string().min(1), z.string().min(1)]),
  sex: Order.shape.sex,
  birthDate: Order.shape.birthDate,
  patientClass: Order.shape.patientClass,
  /** Inpatient or outpatient number (住院号/门诊号). */
  visitNumber: z.string().min(1),
  ward: z.string(),
  bed: z.string(),
  phone: z.string().regex(/^1\d{10}$/),
})
export type DemoPatient = z.infer<typeof DemoPatient>

const OrderRecord = z.strictObject({
  accessionNumber: Order.shape.accessionNumber,
  applicationNumber: z.string().min(1),
  studyInstanceUid: z
    .string()
    .max(64)
    .regex(/^2\.25\.\d+$/),
  patientId: z.string(),
  itemCode: z.string().min(1),
  itemName: Order.shape.itemName,
  bodyPart: z.string().min(1),
  /** BodyPartExamined's defined term (PS3.16 annex L). */
  dicomBodyPart: z.string().regex(/^[A-Z]+$/),
  modality: Order.shape.modality,
  priority: Order.shape.priority,
  sensitivity: Order.shape.sensitivity,
  orderingDoctor: z.string().min(1),
  orderingDepartment: z.string().min(1),
  clinicalInfo: z.string().min(1),
  /** Minutes before now that the exam took place; negative for one still to come. */
  minutesBeforeNow: z.int(),
  /** Minutes from the order to the exam. */
  orderedMinutesEarlier: z.int().positive(),
  /** Name in the phantoms' catalogue; null for an exam that is not yet done. */
  phantom: z.string().nullable(),
  characterSet: z.enum(['GB18030', 'ISO_IR 192']),
})

/** An order of the demo, with what the phantoms need on top of the product's order. */
export interface DemoOrder extends Order {
  /** [family, given], for the DICOM person name. */
  readonly patientNameParts: readonly [string, string]
  readonly dicomBodyPart: string
  readonly phantom: string | null
  readonly characterSet: 'GB18030' | 'ISO_IR 192'
}

export function loadDemoPatients(): DemoPatient[] {
  return z.array(DemoPatient).parse(patientList)
}

/**
 * The demo's orders, latest exam first. `now` is epoch ms; exam times follow it, so that the worklist always looks current.
 * Throws where the data files break their schema or an order names an unknown patient.
 */
export function loadDemoOrders(now: number): DemoOrder[] {
  const patients = new Map(loadDemoPatients().map((patient) => [patient.patientId, patient]))
  return z
    .array(OrderRecord)
    .parse(orderList)
    .map((record): DemoOrder => {
      const { minutesBeforeNow, orderedMinutesEarlier, ...order } = record
      const patient = patients.get(order.patientId)
      if (!patient) throw new RangeError(`order ${order.accessionNumber} names an unknown patient`)
      const { name, pinyin, ...person } = patient
      const scheduledAt = now - minutesBeforeNow * 60_000
      return {
        ...person,
        ...order,
        patientName: name.join(''),
        patientNamePinyin: pinyin.join(' '),
        patientNameParts: name,
        scheduledAt,
        orderedAt: scheduledAt - orderedMinutesEarlier * 60_000,
      }
    })
    .sort((a, b) => b.scheduledAt - a.scheduledAt)
}
