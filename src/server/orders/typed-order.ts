import { isCleared, type Sensitivity } from '../../shared/access/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Order } from '../../shared/order/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import type { OrderRows } from './order-rows.ts'
import type { PatientMerges } from './patient-merges.ts'

/**
 * An order that somebody typed in, for an exam that none came for, or the correction of one that was typed in before. What
 * a hospital system sent is not to be typed over.
 * @throws VigilError `conflict` where the accession number is a hospital system's, or another patient's; `study-restricted` where
 * the order that it corrects bears a label above the person's clearance.
 */
export async function enterOrder(
  { store, audit, clock }: Pick<Foundation, 'store' | 'audit' | 'clock'>,
  { rows, merges }: { rows: OrderRows; merges: PatientMerges },
  typed: Omit<Order, 'orderedAt'>,
  actor: AuditEntry['actor'],
  clearance: Sensitivity,
): Promise<'added' | 'replaced'> {
  return store.transaction(async (trx) => {
    const known = await rows.byAccession(trx, typed.accessionNumber)
    if (known && known.source !== 'typed') throw new VigilError('conflict', { field: 'accessionNumber' })
    const label = known?.order.sensitivity ?? 'general'
    if (!isCleared(clearance, label)) throw new VigilError('study-restricted', { sensitivity: label })
    const patientId = await merges.survivor(trx, typed.patientId)
    const now = clock()
    // A correction that says nothing of the label leaves it.
    const sensitivity = typed.sensitivity ?? known?.order.sensitivity
    const order: Order = {
      ...typed,
      ...(sensitivity ? { sensitivity } : {}),
      patientId,
      orderedAt: known?.order.orderedAt ?? now,
    }
    const id = known?.id ?? rows.newId()
    const facts = {
      id,
      order,
      items: [],
      source: 'typed' as const,
      cancelledAt: null,
      sentAt: null,
      patientSentAt: null,
    }
    if (known) await rows.update(trx, { ...known, ...facts })
    else await rows.insert(trx, { examDoneAt: null, ...facts })
    await audit.append(trx, {
      action: 'order.entered',
      outcome: 'success',
      actor,
      object: { kind: 'order', id },
      detail: {
        accessionNumber: order.accessionNumber,
        patientId,
        corrected: known !== null,
        ...(order.sensitivity ? { sensitivity: order.sensitivity } : {}),
        ...(known && known.order.patientId !== patientId ? { before: known.order.patientId } : {}),
      },
    })
    return known ? 'replaced' : 'added'
  })
}
