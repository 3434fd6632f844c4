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

/** Of the orders that fit a study, the one that its facts are taken from: a hospital system's before one that was typed in. */
export function preferred<T extends { source: OrderSource }>(fitting: readonly T[]): T | undefined {
  return fitting.find(({ source }) => source !== 'typed') ?? fitting[0]
}
