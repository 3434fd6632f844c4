import type { Transaction } from 'kysely'
import { z } from 'zod'
import { Order } from '../../shared/order/index.ts'
import type { Foundation } from '../foundation.ts'
import { accessionIndex, patientIndex, studyIndex } from '../protection/index.ts'
import type { Queries, Schema } from '../store/index.ts'
import { OrderItem } from './order-items.ts'

/** How an order came. What a hospital system says stands above what somebody typed in. */
export type OrderSource = Schema['orders']['source']

/** A row of `orders`, opened. Times are epoch ms. */
export interface OrderRecord {
  id: string
  order: Order
  /** Where the order is made of several: each, in order. */
  items: readonly OrderItem[]
  source: OrderSource
  examDoneAt: number | null
  cancelledAt: number | null
  /** MSH-7 of the newest message that the order's, and the patient's, facts come from; null where no message had one. */
  sentAt: number | null
  patientSentAt: number | null
}

/** Orders as they lie in the store: sealed, found by blind indexes. */
export interface OrderRows {
  /** @throws IntegrityError */
  opened(row: Pick<Schema['orders'], 'id' | 'sealed_order'>): Order
  /** @throws IntegrityError */
  record(row: Schema['orders']): OrderRecord
  byAccession(queries: Queries, accessionNumber: string): Promise<OrderRecord | null>
  /** Those that are not cancelled. */
  openOf(queries: Queries, patientId: string): Promise<OrderRecord[]>
  /** Of one patient, cancelled ones too. */
  allOf(queries: Queries, patientId: string): Promise<OrderRecord[]>
  newId(): string
  insert(trx: Transaction<Schema>, record: OrderRecord): Promise<void>
  /** "Exam done" stays as it is. */
  update(trx: Transaction<Schema>, record: OrderRecord): Promise<void>
}

const Items = z.object({ items: z.array(OrderItem).default([]) })

const place = (row: string) => ({ table: 'orders', column: 'sealed_order', row })

export function createOrderRows({
  protection,
  clock,
  random,
}: Pick<Foundation, 'protection' | 'clock' | 'random'>): OrderRows {
  const content = (row: Pick<Schema['orders'], 'id' | 'sealed_order'>): unknown =>
    JSON.parse(protection.open(place(row.id), row.sealed_order))

  const record: OrderRows['record'] = (row) => {
    const facts = content(row)
    return {
      id: row.id,
      order: Order.parse(facts),
      items: Items.parse(facts).items,
      source: row.source,
      examDoneAt: row.exam_done_at,
      cancelledAt: row.cancelled_at,
      sentAt: row.sent_at,
      patientSentAt: row.patient_sent_at,
    }
  }

  function columns({ id, order, items, source, cancelledAt, sentAt, patientSentAt }: OrderRecord) {
    return {
      accession_index: accessionIndex(protection, order.accessionNumber),
      study_index: order.studyInstanceUid ? studyIndex(protection, order.studyInstanceUid) : null,
      patient_index: patientIndex(protection, order.patientId),
      sealed_order: protection.seal(
        place(id),
        JSON.stringify(items.length > 1 ? { ...order, items } : order),
      ),
      modality: order.modality,
      scheduled_at: order.scheduledAt,
      updated_at: clock(),
      source,
      cancelled_at: cancelledAt,
      sent_at: sentAt,
      patient_sent_at: patientSentAt,
    }
  }

  const ofPatient = (queries: Queries, patientId: string) =>
    queries
      .selectFrom('orders')
      .selectAll()
      .where('patient_index', '=', patientIndex(protection, patientId))
      .orderBy('id')

  return {
    opened: (row) => Order.parse(content(row)),
    record,
    async byAccession(queries, accessionNumber) {
      const row = await queries
        .selectFrom('orders')
        .selectAll()
        .where('accession_index', '=', accessionIndex(protection, accessionNumber))
        .executeTakeFirst()
      return row ? record(row) : null
    },
    openOf: async (queries, patientId) =>
      (await ofPatient(queries, patientId).where('cancelled_at', 'is', null).execute()).map(record),
    allOf: async (queries, patientId) => (await ofPatient(queries, patientId).execute()).map(record),
    newId: () => Buffer.from(random(12)).toString('base64url'),
    async insert(trx, given) {
      await trx
        .insertInto('orders')
        .values({ id: given.id, exam_done_at: given.examDoneAt, ...columns(given) })
        .execute()
    },
    async update(trx, given) {
      await trx.updateTable('orders').set(columns(given)).where('id', '=', given.id).execute()
    },
  }
}
