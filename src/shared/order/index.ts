import { z } from 'zod'
import { Sensitivity } from '../access/sensitivity.ts'

const text = (max: number) => z.string().max(max).default('')

export const PatientClass = z.enum(['emergency', 'inpatient', 'outpatient', 'checkup'])
export type PatientClass = z.infer<typeof PatientClass>

/** An imaging order (检查申请) with the patient facts that go with it. Times are epoch ms. */
export const Order = z.object({
  accessionNumber: z.string().min(1).max(16),
  applicationNumber: text(32),
  studyInstanceUid: z.string().max(64).optional(),
  patientId: z.string().min(1).max(64),
  patientName: z.string().min(1).max(64),
  patientNamePinyin: text(64),
  sex: z.enum(['M', 'F', 'O']),
  /** YYYYMMDD; empty where it is not known, as of an unconscious patient. */
  birthDate: z.string().regex(/^(\d{8})?$/),
  patientClass: PatientClass,
  visitNumber: text(32),
  ward: text(40),
  bed: text(16),
  phone: text(24),
  /** Of several items under one accession number: their codes, names and parts joined. */
  itemCode: text(128),
  itemName: z.string().min(1).max(160),
  bodyPart: text(80),
  modality: z.string().min(1).max(16),
  priority: z.enum(['stat', 'routine']),
  orderingDoctor: text(40),
  orderingDepartment: text(40),
  clinicalInfo: text(400),
  /** Brought by the order, for example of staff or well-known persons; `general` where it is absent. */
  sensitivity: Sensitivity.optional(),
  orderedAt: z.number(),
  scheduledAt: z.number(),
})
export type Order = z.infer<typeof Order>

/** Where the exam stands: ordered, marked done by the technologist, images in the archive. */
export const ExamStatus = z.enum(['ordered', 'done', 'arrived'])
export type ExamStatus = z.infer<typeof ExamStatus>
