import { z } from 'zod'
import type { Scope } from './model.ts'

/** The facts of an exam by which an entry's scope is judged. Empty is not known. */
export const ExamContext = z.object({
  /** DICOM modality. */
  modality: z.string(),
  bodyPart: z.string(),
  itemName: z.string(),
  /** An order's patient class, or empty. */
  patientClass: z.string(),
  /** M, F, O or empty. */
  sex: z.string(),
  /** DICOM AS (034Y, 006M) or empty. */
  age: z.string(),
})
export type ExamContext = z.infer<typeof ExamContext>

/** True where the scope takes in the exam, or cannot be judged for want of a fact. */
export function inScope(scope: Scope, exam: ExamContext): boolean {
  const { modalities, bodyParts, patientClasses, sex, age } = scope
  const part = `${exam.bodyPart} ${exam.itemName}`.normalize('NFKC').toLowerCase()
  const years = yearsOf(exam.age)
  return (
    (!modalities || exam.modality === '' || modalities.includes(exam.modality)) &&
    (!bodyParts ||
      part.trim() === '' ||
      bodyParts.some((name) => part.includes(name.normalize('NFKC').toLowerCase()))) &&
    (!patientClasses ||
      exam.patientClass === '' ||
      patientClasses.some((name) => name === exam.patientClass)) &&
    (!sex || (exam.sex !== 'M' && exam.sex !== 'F') || sex === exam.sex) &&
    (!age || years === null || ((age.from ?? 0) <= years && years <= (age.to ?? Number.POSITIVE_INFINITY)))
  )
}

/** Whole years of a DICOM AS value; null where it is none. */
function yearsOf(age: string): number | null {
  const parts = /^(\d{3})([DWMY])$/.exec(age)
  if (!parts) return null
  const perYear = { D: 365.25, W: 52.18, M: 12, Y: 1 }[parts[2] as 'D' | 'W' | 'M' | 'Y']
  return Math.floor(Number(parts[1]) / perYear)
}
