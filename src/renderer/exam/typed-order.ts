import { Order, type PatientClass } from '../../shared/order/index.ts'
import type { WorklistRow } from '../../shared/worklist/index.ts'
import { dateTime } from '../i18n/dates.ts'
import { personName } from '../patient/patient-facts.ts'

/** An order as it stands in the form: text, except where there is a choice. */
export interface TypedOrder {
  patientId: string
  patientName: string
  /** Empty until somebody chooses: a guess would be believed. */
  sex: 'M' | 'F' | 'O' | ''
  birthDate: string
  patientClass: PatientClass | ''
  visitNumber: string
  ward: string
  bed: string
  phone: string
  accessionNumber: string
  applicationNumber: string
  modality: string
  itemName: string
  bodyPart: string
  priority: 'stat' | 'routine'
  orderingDoctor: string
  orderingDepartment: string
  clinicalInfo: string
  /** `2026-11-22 10:30` */
  scheduledAt: string
  /** Of the images that it is for; empty where none have come. */
  studyInstanceUid: string
}

/** What the gateway takes. */
const Entered = Order.omit({ orderedAt: true })
export type EnteredOrder = ReturnType<typeof Entered.parse>

/** A form with what is known: nothing, or the facts that stand in the images. */
export function typedOrder(row: WorklistRow | null, birthDate: string, now: number): TypedOrder {
  const sex = row?.sex === 'M' || row?.sex === 'F' || row?.sex === 'O' ? row.sex : ''
  return {
    patientId: row?.patientId ?? '',
    patientName: row ? personName(row.patientName) : '',
    sex,
    birthDate,
    patientClass: '',
    visitNumber: '',
    ward: '',
    bed: '',
    phone: '',
    accessionNumber: row?.accessionNumber || numberAt(now),
    applicationNumber: '',
    modality: row?.modality ?? '',
    itemName: row?.itemName ?? '',
    bodyPart: row?.bodyPart ?? '',
    priority: 'routine',
    orderingDoctor: '',
    orderingDepartment: '',
    clinicalInfo: '',
    scheduledAt: dateTime(row?.examAt ?? now).slice(0, 16),
    studyInstanceUid: row?.studyInstanceUid ?? '',
  }
}

/** A form with what was typed in before. */
export function typedBefore({ orderedAt: _, ...order }: Order): TypedOrder {
  return {
    ...order,
    scheduledAt: dateTime(order.scheduledAt).slice(0, 16),
    studyInstanceUid: order.studyInstanceUid ?? '',
  }
}

/** A number for an exam that has none: M and the time to the second, which no feed uses. */
function numberAt(now: number): string {
  return `M${dateTime(now).replace(/\D/g, '').slice(2)}`
}

/** The order, or in which fields it cannot be right. */
export function enteredOrder(
  typed: TypedOrder,
): { order: EnteredOrder; wrong: null } | { order: null; wrong: ReadonlySet<keyof TypedOrder> } {
  const { studyInstanceUid, scheduledAt, birthDate, ...texts } = typed
  const trimmed = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.trim()]))
  const parsed = Entered.safeParse({
    ...trimmed,
    ...(studyInstanceUid === '' ? {} : { studyInstanceUid }),
    birthDate: dayOf(birthDate),
    scheduledAt: timeOf(scheduledAt),
  })
  if (parsed.success) return { order: parsed.data, wrong: null }
  const wrong = parsed.error.issues.map(({ path }) => String(path[0]) as keyof TypedOrder)
  return { order: null, wrong: new Set(wrong) }
}

/** `19800213`, however it is separated; empty stays empty; what is no day of the calendar stays as it is, and is refused. */
function dayOf(text: string): string {
  const trimmed = text.trim()
  const parts = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$/.exec(trimmed)
  if (!parts) return trimmed
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const date = new Date(year, month - 1, day)
  const exists = date.getMonth() === month - 1 && date.getDate() === day
  return exists ? `${parts[1]}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}` : 'none'
}

function timeOf(text: string): number {
  const parts = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})$/.exec(text.trim())
  if (!parts) return Number.NaN
  const [year, month, day, hour, minute] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const date = new Date(year, month - 1, day, hour, minute)
  const exists = date.getMonth() === month - 1 && date.getDate() === day && hour < 24 && minute < 60
  return exists ? date.getTime() : Number.NaN
}
