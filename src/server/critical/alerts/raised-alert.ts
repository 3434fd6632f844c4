import { z } from 'zod'
import { Recipient } from '../../../shared/alert/index.ts'
import { CriticalLevel, CriticalRules, RecipientKind, Side } from '../../../shared/critical/model.ts'
import { Uid } from '../../../shared/study/index.ts'

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
  /** The finding's own type, which the radiologist may have changed for the alert; null where they added it by hand. */
  findingType: z.string().nullable(),
  /** On which side of the body, where the report states one. */
  side: Side.nullable(),
  /** Whom it was raised for. */
  recipient: Recipient,
  /** What the dictionary version that it was raised under says of its level, and of who comes next. */
  timing: z.object({
    deadlines: CriticalRules.shape.deadlines.unwrap().shape.red.unwrap(),
    closeAfterHours: z.number(),
  }),
  escalation: z.array(RecipientKind),
  /** The earlier alert that it repeats, where its reporter said so. */
  repeats: z.string().nullable(),
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
    /** DICOM AS (034Y) or empty. */
    age: z.string(),
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
