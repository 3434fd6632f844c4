import { maskedName, maskedPhone, type ProtectedField } from '../access/index.ts'
import type { StudySummary } from '../study/index.ts'
import type { Order } from './index.ts'

type Hidden = ReadonlySet<ProtectedField>
/** An order has a patient id always. */
const maskedId = '****'

/** An order as it is sent to who may not see these fields. */
export function veiledOrder<T extends Partial<Order>>(order: T, hidden: Hidden): T {
  if (hidden.size === 0) return order
  return {
    ...order,
    ...(hidden.has('patientName')
      ? { patientName: maskedName(order.patientName ?? ''), patientNamePinyin: '' }
      : {}),
    ...(hidden.has('patientId') ? { patientId: maskedId } : {}),
    ...(hidden.has('birthDate') ? { birthDate: '' } : {}),
    ...(hidden.has('phone') ? { phone: maskedPhone(order.phone ?? '') } : {}),
    ...(hidden.has('clinicalInfo') ? { clinicalInfo: '' } : {}),
  }
}

/** A correction by who saw the order veiled: what they left as they saw it stays as it was. */
export function unveiledOrder<T extends Partial<Order>>(typed: T, known: Order, hidden: Hidden): T {
  const veiled = veiledOrder(known, hidden)
  const kept = (Object.keys(typed) as (keyof Order)[]).flatMap((key) =>
    typed[key] === veiled[key] && veiled[key] !== known[key] ? [[key, known[key]]] : [],
  )
  return { ...typed, ...Object.fromEntries(kept) }
}

/** A study's own facts likewise. */
export function veiledStudy<
  T extends Pick<StudySummary, 'patientId' | 'patientName' | 'patientBirthDate' | 'patientAge'>,
>(study: T, hidden: Hidden): T {
  return {
    ...study,
    ...(hidden.has('patientName') ? { patientName: maskedName(study.patientName) } : {}),
    ...(hidden.has('patientId') ? { patientId: '' } : {}),
    ...(hidden.has('birthDate') ? { patientBirthDate: '' } : {}),
  }
}
