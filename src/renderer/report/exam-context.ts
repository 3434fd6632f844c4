import type { ExamContext } from '../../shared/critical/index.ts'
import type { Order } from '../../shared/order/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'

/** Objects that accompany images and do not name an exam's modality. */
const accessory = new Set(['SR', 'PR', 'KO', 'SEG', 'REG', 'DOC', 'OT'])

/**
 * The facts by which the editor judges scopes while one writes: the order's before the study's own. At sign-off the
 * gateway's facts decide.
 */
export function examContext({ study, order }: { study: StudySummary; order: Order | null }): ExamContext {
  const { modalities } = study
  return {
    modality: order?.modality ?? modalities.find((each) => !accessory.has(each)) ?? modalities[0] ?? '',
    bodyPart: order?.bodyPart || study.bodyPart,
    itemName: order?.itemName ?? study.description,
    patientClass: order?.patientClass ?? '',
    sex: order?.sex ?? study.patientSex,
    age:
      (order ? '' : study.patientAge) || ageAt(order?.birthDate || study.patientBirthDate, study.studyDate),
  }
}

/** Whole years as a DICOM AS; empty where a date (DICOM DA) is missing. */
function ageAt(birth: string, day: string): string {
  if (!/^\d{8}$/.test(birth) || !/^\d{8}$/.test(day) || day < birth) return ''
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4)) - (day.slice(4) < birth.slice(4) ? 1 : 0)
  return years > 999 ? '' : `${String(years).padStart(3, '0')}Y`
}
