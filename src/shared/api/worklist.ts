import { z } from 'zod'
import { ExamStatus, Order } from '../order/index.ts'
import { ReportStatus } from '../report/index.ts'

export const WorklistQuery = z.object({
  /** Name, pinyin initials, patient id or accession number; matched as a prefix or substring. */
  search: z.string().trim().max(64).optional(),
  modality: z.string().max(16).optional(),
  status: z.enum(['all', 'to-report', 'draft', 'signed', 'critical']).default('all'),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
})
export type WorklistQuery = z.infer<typeof WorklistQuery>

/** One exam on the worklist: the order's facts where there is one, the study's DICOM attributes otherwise. */
export const WorklistRow = z.object({
  /** Null while no image has arrived. */
  studyInstanceUid: z.string().nullable(),
  accessionNumber: z.string(),
  patientId: z.string(),
  patientName: z.string(),
  sex: z.string(),
  /** DICOM AS (034Y) or empty. */
  age: z.string(),
  patientClass: z.string(),
  priority: z.enum(['stat', 'routine']),
  modality: z.string(),
  itemName: z.string(),
  bodyPart: z.string(),
  orderingDepartment: z.string(),
  ward: z.string(),
  bed: z.string(),
  /** Epoch ms; null where the exam has no time. */
  examAt: z.number().nullable(),
  examStatus: ExamStatus,
  seriesCount: z.int(),
  instanceCount: z.int(),
  /** `none` and empty for a person who may not read reports. */
  reportStatus: ReportStatus,
  reportedBy: z.string(),
  criticalAlerts: z.int(),
  /** Alerts of this exam that no clinician has acknowledged yet. */
  criticalOpen: z.int(),
  /** The whole of an order that was typed in, for who may correct it. */
  typedOrder: Order.optional(),
})
export type WorklistRow = z.infer<typeof WorklistRow>
