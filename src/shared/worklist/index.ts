import { z } from 'zod'
import { Sensitivity } from '../access/sensitivity.ts'
import { ExamStatus, Order } from '../order/index.ts'
import { ReportStatus } from '../report/index.ts'

/** Which exams a list shows. What is absent does not restrict. */
export const WorklistFilter = z.strictObject({
  /** Name, pinyin initials, patient id or accession number; matched as a prefix or substring. */
  search: z.string().trim().max(64).optional(),
  /** DICOM modalities, any of them. */
  modalities: z.array(z.string().min(1).max(16)).max(20).optional(),
  bodyPart: z.string().max(80).optional(),
  department: z.string().max(40).optional(),
  /**
   * `to-report`: images are there and no report is signed or handed in; `to-review`: handed in or under review; `mine`: what I
   * claimed, am writing, or was given back to me, and what I am reviewing.
   */
  status: z
    .enum(['all', 'to-report', 'mine', 'draft', 'to-review', 'rejected', 'signed', 'not-arrived'])
    .default('all'),
  urgent: z.boolean().optional(),
  /** `any`: has alerts; `open`: has alerts that are not closed; `suspected`: critical findings in a report that waits for review. */
  critical: z.enum(['any', 'open', 'suspected']).optional(),
  /** Of the exam's day, in the gateway's time zone; `days` is so many days up to today, 1 for today. */
  days: z.int().min(1).max(366).optional(),
  from: z.number().optional(),
  until: z.number().optional(),
})
export type WorklistFilter = z.infer<typeof WorklistFilter>

/** The columns that the gateway can sort by. */
export const WorklistSort = z.strictObject({
  column: z.enum([
    /** Emergencies without a signed report first, then the longest waiting, then the newest. */
    'reading-order',
    'status',
    'name',
    'accession',
    'imagingNumber',
    'item',
    'bodyPart',
    'modality',
    'department',
    'examAt',
    'waiting',
    'reportedBy',
    'reviewedBy',
    'critical',
  ]),
  direction: z.enum(['ascending', 'descending']),
})
export type WorklistSort = z.infer<typeof WorklistSort>

/** One exam on the worklist: the order's facts where there is one, the study's DICOM attributes otherwise. */
export const WorklistRow = z.object({
  /** Null while no image has arrived. */
  studyInstanceUid: z.string().nullable(),
  accessionNumber: z.string(),
  patientId: z.string(),
  /** 影像号: the patient's number in the PACS, which may be another than the hospital's. */
  imagingNumber: z.string(),
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
  /** 报告医师. */
  reportedBy: z.string(),
  /** 审核医师: who reviews, or has signed. */
  reviewedBy: z.string(),
  /** Who has said that they report this exam; null where nobody has, or the report is signed. */
  claimedBy: z.object({ name: z.string(), own: z.boolean(), since: z.number() }).nullable(),
  criticalAlerts: z.int(),
  /** Alerts of this exam that no clinician has acknowledged yet. */
  criticalOpen: z.int(),
  /** Critical findings in a report that waits for review. */
  suspected: z.int(),
  sensitivity: Sensitivity,
  /** The label is above the person's clearance: the patient's facts are masked, and the study opens only by breaking the glass. */
  masked: z.boolean(),
  /** Name or numbers are hidden by a label of their own; the study opens. */
  veiled: z.boolean().optional(),
  /** The whole of an order that was typed in, for who may correct it. */
  typedOrder: Order.optional(),
})
export type WorklistRow = z.infer<typeof WorklistRow>
