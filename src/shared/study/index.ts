import { z } from 'zod'

/** DICOM unique identifier, PS3.5 clause 9.1: at most 64 characters of digits and dots. */
export const Uid = z
  .string()
  .max(64)
  .regex(/^[0-9]+(\.[0-9]+)*$/)

/** What the archive knows of one instance. `frames` is NumberOfFrames, 0 where the object has no pixel data. */
export const Instance = z.object({
  sopInstanceUid: Uid,
  sopClassUid: z.string(),
  instanceNumber: z.number().nullable(),
  transferSyntaxUid: z.string().nullable(),
  rows: z.int().nullable(),
  columns: z.int().nullable(),
  frames: z.int().nonnegative(),
})
export type Instance = z.infer<typeof Instance>

export const Series = z.object({
  seriesInstanceUid: Uid,
  seriesNumber: z.number().nullable(),
  modality: z.string(),
  description: z.string(),
  instances: z.array(Instance),
})
export type Series = z.infer<typeof Series>

/** A file that could not be read as DICOM, with why; it harms nothing else. `name` is a file name, never a path. */
export const BrokenObject = z.object({ name: z.string(), reason: z.string() })
export type BrokenObject = z.infer<typeof BrokenObject>

/** Patient and exam facts as they stand in the study's DICOM attributes. Dates are DICOM DA (YYYYMMDD) or empty, times TM. */
export const StudySummary = z.object({
  studyInstanceUid: Uid,
  accessionNumber: z.string(),
  patientId: z.string(),
  patientName: z.string(),
  patientSex: z.string(),
  patientBirthDate: z.string(),
  patientAge: z.string(),
  studyDate: z.string(),
  studyTime: z.string(),
  description: z.string(),
  bodyPart: z.string(),
  modalities: z.array(z.string()),
  seriesCount: z.int(),
  instanceCount: z.int(),
})
export type StudySummary = z.infer<typeof StudySummary>

export const Study = StudySummary.extend({ series: z.array(Series) })
export type Study = z.infer<typeof Study>

const tag = /^[0-9A-F]{8}$/

/**
 * One instance's attributes as DICOM JSON (PS3.18 Annex F), without bulk data. A series has them by the ten thousand, and an image waits
 * for them: a check of its own takes a sixth of the time of a record schema, which copies each.
 */
export const DicomJson = z.custom<Record<string, unknown>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).every((key) => tag.test(key)),
)
export type DicomJson = z.infer<typeof DicomJson>
