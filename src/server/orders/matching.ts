import type { Order } from '../../shared/order/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'

/**
 * True where the order is the study's: same study instance UID, or same accession number. Never across two patients: a
 * reused accession number must not put one patient's name over another's images.
 */
export function orderFits(order: Order, study: StudySummary): boolean {
  if (order.patientId !== study.patientId && study.patientId !== '') return false
  return (
    order.studyInstanceUid === study.studyInstanceUid ||
    (study.accessionNumber !== '' && order.accessionNumber === study.accessionNumber)
  )
}
