import type { Order } from '../../shared/order/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'

/** Patient and exam facts of one exam: the order's where there is one, the study's DICOM attributes otherwise. */
export interface ExamFacts {
  patientId: string
  patientName: string
  /** The name in Latin letters, or empty. */
  patientNamePinyin: string
  sex: string
  birthDate: string
  age: string
  modality: string
  itemName: string
  bodyPart: string
  /** When the exam was made, or is to be made; epoch ms. */
  examAt: number | null
}

/** The facts of an exam of which at least one side is known. */
export function examFacts(order: Order | null, study: StudySummary | null): ExamFacts {
  const studyAt = study ? dicomTime(study.studyDate, study.studyTime) : null
  const examAt = studyAt ?? order?.scheduledAt ?? null
  const patientName = order?.patientName ?? study?.patientName ?? ''
  const birthDate = order?.birthDate || study?.patientBirthDate || ''
  return {
    patientId: order?.patientId ?? study?.patientId ?? '',
    patientName,
    patientNamePinyin: order?.patientNamePinyin || (/\p{Script=Latin}/u.test(patientName) ? patientName : ''),
    sex: order?.sex ?? study?.patientSex ?? '',
    birthDate,
    age: (order ? '' : study?.patientAge) || ageAt(birthDate, examAt),
    modality: order?.modality ?? imageModality(study?.modalities ?? []),
    itemName: order?.itemName ?? study?.description ?? '',
    bodyPart: order?.bodyPart || study?.bodyPart || '',
    examAt,
  }
}

/** Series that are no images of the exam's own kind do not name its modality. */
function imageModality(modalities: readonly string[]): string {
  const accessory = new Set(['SR', 'PR', 'KO', 'SEG', 'REG', 'DOC', 'OT'])
  return modalities.find((modality) => !accessory.has(modality)) ?? modalities[0] ?? ''
}

/** DICOM DA and TM (PS3.5 6.2), local time of the gateway, as epoch ms; null where the date is none. */
export function dicomTime(date: string, time: string): number | null {
  const day = /^(\d{4})(\d{2})(\d{2})$/.exec(date.replaceAll('.', ''))
  if (!day) return null
  const [hours = 0, minutes = 0, seconds = 0] = (time.match(/\d{2}/g) ?? []).slice(0, 3).map(Number)
  const at = new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3]), hours, minutes, seconds).getTime()
  return Number.isNaN(at) ? null : at
}

/** Age as DICOM AS (PS3.5 6.2): days below a month, months below two years, then years; empty where unknown. */
export function ageAt(birthDate: string, at: number | null): string {
  const born = /^(\d{4})(\d{2})(\d{2})$/.exec(birthDate)
  if (!born || at === null) return ''
  const [year, month, day] = [Number(born[1]), Number(born[2]), Number(born[3])]
  const then = new Date(at)
  const months =
    (then.getFullYear() - year) * 12 + (then.getMonth() + 1 - month) - (then.getDate() < day ? 1 : 0)
  if (months < 0) return ''
  if (months < 1) return as(Math.floor((at - new Date(year, month - 1, day).getTime()) / 86_400_000), 'D')
  return months < 24 ? as(months, 'M') : as(Math.floor(months / 12), 'Y')
}

function as(count: number, unit: 'D' | 'M' | 'Y'): string {
  return `${String(Math.min(count, 999)).padStart(3, '0')}${unit}`
}
