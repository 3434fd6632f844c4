import { z } from 'zod'
import { CriticalLevel } from '../../shared/critical/model.ts'
import { Uid } from '../../shared/study/index.ts'

/**
 * An alert as it was raised: everything that any delivery needs, frozen at sign-off. This is the sealed JSON of an
 * `alerts` row. Times are epoch ms; an empty string is a fact that nobody gave.
 */
export const RaisedAlert = z.object({
  id: z.string().min(1).max(16),
  type: z.string(),
  typeName: z.string(),
  level: CriticalLevel,
  dictionaryVersion: z.string(),
  /** What the clinician is told, as the radiologist left it. */
  content: z.string(),
  /** The words of the report that the alert stands on, and the sentence around them. */
  keyword: z.string(),
  excerpt: z.string(),
  raisedAt: z.number(),
  patient: z.object({
    id: z.string(),
    name: z.string(),
    /** Name in Latin letters. */
    namePinyin: z.string(),
    /** M, F, O or empty. */
    sex: z.string(),
    /** YYYYMMDD or empty. */
    birthDate: z.string(),
    /** An order's patient class, or empty. */
    patientClass: z.string(),
    visitNumber: z.string(),
    ward: z.string(),
    bed: z.string(),
    phone: z.string(),
  }),
  order: z.object({
    accessionNumber: z.string(),
    applicationNumber: z.string(),
    itemCode: z.string(),
    itemName: z.string(),
    orderingDoctor: z.string(),
    orderingDepartment: z.string(),
  }),
  exam: z.object({
    studyInstanceUid: Uid,
    modality: z.string(),
    bodyPart: z.string(),
    examAt: z.number().nullable(),
    reportId: z.string(),
    reportVersion: z.int(),
  }),
  reporter: z.object({ accountId: z.string(), name: z.string() }),
})
export type RaisedAlert = z.infer<typeof RaisedAlert>
