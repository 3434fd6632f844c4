import type { Sensitivity } from '../../../shared/access/index.ts'
import type { Order } from '../../../shared/order/index.ts'
import type { ItemFacts } from '../order-items.ts'

/** What a patient is known by, beside the id; each fact only where a message says it. */
export type PatientFacts = Partial<
  Pick<
    Order,
    | 'patientName'
    | 'patientNamePinyin'
    | 'sex'
    | 'birthDate'
    | 'phone'
    | 'patientClass'
    | 'visitNumber'
    | 'ward'
    | 'bed'
  >
>

/** What an order says beside who it is for. */
export type OrderFacts = Partial<Omit<Order, keyof PatientFacts | 'patientId' | 'accessionNumber'>>

/** One order of a message: all that it says under one accession number. `places` has where each fact was read, for what is wrong with it. */
export interface OrderChange {
  action: 'new' | 'change' | 'cancel'
  accessionNumber: string
  patientId: string
  facts: OrderFacts & PatientFacts
  /** What it says of each item; at least one. Of an order to be cancelled: which items, where it says so. */
  items: readonly ItemFacts[]
  /** What a new order is taken to be where the message says nothing. */
  otherwise: OrderFacts & PatientFacts
  places: Readonly<Record<string, string>>
}

/** A message's meaning. `sentAt` is MSH-7, epoch ms; null where it has none. */
export type FeedChange = { sentAt: number | null } & (
  | { kind: 'orders'; orders: OrderChange[] }
  /** A01, A02, A04, A08, A31. `moved`: the message is about where the patient is (A02). `label`: what it says of their sensitivity. */
  | {
      kind: 'patient'
      patientId: string
      facts: PatientFacts
      department: string
      moved: boolean
      label?: Sensitivity
    }
  | { kind: 'merges'; merges: { surviving: string; merged: string; where: string }[] }
)

/** Which of an order's facts are the patient's. */
export const patientFactNames = [
  'patientName',
  'patientNamePinyin',
  'sex',
  'birthDate',
  'phone',
  'patientClass',
  'visitNumber',
  'ward',
  'bed',
] as const satisfies readonly (keyof PatientFacts)[]
