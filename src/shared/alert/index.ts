import { z } from 'zod'
import { CriticalLevel, Side } from '../critical/model.ts'
import { Uid } from '../study/index.ts'
import { MessageKind, RecordedEvent } from './event.ts'
import { Recipient } from './recipient.ts'
import { AlertState } from './state.ts'

export * from './event.ts'
export * from './recipient.ts'
export * from './same-finding.ts'
export * from './state.ts'

/** Where one message stands on its way to one hospital system. `refused` is a dead letter, `cancelled` was overtaken before it went out. */
export const DeliveryState = z.enum(['queued', 'sending', 'retrying', 'delivered', 'refused', 'cancelled'])
export type DeliveryState = z.infer<typeof DeliveryState>

/** At most 16 characters, because hospital interfaces have 16-character columns; Crockford's base 32, which can be read out. */
export const AlertId = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{1,16}$/)

/** One message to one target. */
export const Delivery = z.object({
  id: z.string(),
  kind: MessageKind,
  state: DeliveryState,
  /** Empty while no target is configured. */
  target: z.string(),
  attempts: z.int(),
  lastError: z.string().nullable(),
  nextAttemptAt: z.number().nullable(),
  deliveredAt: z.number().nullable(),
})
export type Delivery = z.infer<typeof Delivery>

/** A critical-value alert (危急值通知) as lists show it. Times are epoch ms. */
export const Alert = z.object({
  id: AlertId,
  studyInstanceUid: Uid,
  accessionNumber: z.string(),
  patientId: z.string(),
  patientName: z.string(),
  ward: z.string(),
  bed: z.string(),
  type: z.string(),
  typeName: z.string(),
  level: CriticalLevel,
  side: Side.nullable(),
  content: z.string(),
  keyword: z.string(),
  /** Who is to answer now: the one it was raised for, moved to, or last escalated to. */
  recipient: Recipient,
  raisedAt: z.number(),
  raisedBy: z.string(),
  /** Raised by the person who asks. */
  own: z.boolean(),
  dictionaryVersion: z.string(),
  state: AlertState,
  /** The delivery that is least advanced. */
  delivery: Delivery.nullable(),
  /** Whose it is, or what it says, is masked for the person's clearance; absent where it is not. */
  veiled: z.boolean().optional(),
})
export type Alert = z.infer<typeof Alert>

/** One alert with all that happened to it, oldest first. */
export const AlertDetail = z.object({
  alert: Alert,
  excerpt: z.string(),
  patientPhone: z.string(),
  orderingDoctor: z.string(),
  orderingDepartment: z.string(),
  itemName: z.string(),
  events: z.array(RecordedEvent),
  deliveries: z.array(Delivery),
})
export type AlertDetail = z.infer<typeof AlertDetail>

/** What a second person confirms of an alert: what goes out, and about whom. Hashed as canonical JSON (RFC 8785). */
export const AlertContent = Alert.pick({
  id: true,
  patientId: true,
  patientName: true,
  accessionNumber: true,
  type: true,
  level: true,
  content: true,
  recipient: true,
})
export type AlertContent = z.infer<typeof AlertContent>

/** An alert that was already raised for the same patient and finding. */
export const EarlierAlert = z.object({
  id: AlertId,
  type: z.string(),
  side: Side.nullable(),
  raisedAt: z.number(),
  raisedBy: z.string(),
  content: z.string(),
  state: AlertState,
})
export type EarlierAlert = z.infer<typeof EarlierAlert>
