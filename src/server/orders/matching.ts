import { type Sensitivity, strictest } from '../../shared/access/index.ts'
import type { Order } from '../../shared/order/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'
import type { OrderSource } from './order-rows.ts'
import type { SamePatient } from './patient-merges.ts'

/**
 * True where the order is the study's: same study instance UID, or same accession number. Never across two patients: a
 * reused accession number must not put one patient's name over another's images. Images keep the patient id that they
 * were made under, so ids that the hospital has merged count as one.
 */
export function orderFits(order: Order, study: StudySummary, samePatient: SamePatient): boolean {
  if (study.patientId !== '' && !samePatient(order.patientId, study.patientId)) return false
  return (
    order.studyInstanceUid === study.studyInstanceUid ||
    (study.accessionNumber !== '' && order.accessionNumber === study.accessionNumber)
  )
}

/** What an order is chosen by, where several fit a study. */
type Candidate = { order: Order; source: OrderSource; cancelledAt: number | null }

/**
 * Of the orders that fit a study, the one that its facts are taken from: one that stands before a cancelled one, a hospital
 * system's before one that was typed in, one that names the study before one of its accession number, then the newest. The same
 * one whichever way they are given.
 */
export function preferred<T extends Candidate>(
  fitting: readonly T[],
  studyInstanceUid: string,
): T | undefined {
  const rank = ({ order, source, cancelledAt }: Candidate) =>
    (cancelledAt === null ? 0 : 4) +
    (source === 'typed' ? 2 : 0) +
    (order.studyInstanceUid === studyInstanceUid ? 0 : 1)
  const [best] = [...fitting].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      b.order.orderedAt - a.order.orderedAt ||
      (a.order.accessionNumber < b.order.accessionNumber ? -1 : 1),
  )
  return best
}

/**
 * The label that the orders of a study give it: the strictest of all, not that of the order whose facts are shown. Otherwise one
 * more order, typed in by anybody, would lift it.
 */
export function labelOfOrders(fitting: readonly Pick<Candidate, 'order'>[]): Sensitivity {
  return strictest(fitting.map(({ order }) => order.sensitivity ?? 'general'))
}
