import { z } from 'zod'
import { isCleared, Sensitivity } from './sensitivity.ts'

/** Facts that bear a label of their own, whatever the exam's: a patient's, and of our own people the staff number. */
export const ProtectedField = z.enum([
  'patientName',
  'patientId',
  'birthDate',
  'phone',
  'clinicalInfo',
  'staffNumber',
])
export type ProtectedField = z.infer<typeof ProtectedField>

/** The label of each field. A telephone number is not needed to read an image. */
export const FieldLabels = z.strictObject({
  patientName: Sensitivity.default('general'),
  patientId: Sensitivity.default('general'),
  birthDate: Sensitivity.default('general'),
  phone: Sensitivity.default('sensitive'),
  clinicalInfo: Sensitivity.default('general'),
  staffNumber: Sensitivity.default('general'),
})
export type FieldLabels = z.infer<typeof FieldLabels>

/** The fields that a person sees masked: by their clearance, and clinical text where it is no business of theirs. */
export function hiddenFields(
  labels: FieldLabels,
  { clearance, clinicalText }: { clearance: Sensitivity; clinicalText: boolean },
): ReadonlySet<ProtectedField> {
  const hidden = ProtectedField.options.filter((field) => !isCleared(clearance, labels[field]))
  return new Set(clinicalText ? hidden : [...hidden, 'clinicalInfo'])
}
