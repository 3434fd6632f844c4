import type { Awaited, MessageKind, Recipient } from '../../../shared/alert/index.ts'
import type { RawExchange } from '../../../shared/api/index.ts'
import type { RaisedAlert } from '../alerts/raised-alert.ts'

/** What a message says beside the alert itself. Sealed in its outbox row. */
export type MessageDetail =
  | { kind: 'notice' }
  | { kind: 'cancel'; reason: string; by: string; at: number }
  | { kind: 'escalation'; hop: number; awaited: Awaited; minutes: number }
  | { kind: 'reroute' }

/** One message about one alert, as an adapter puts it into its own form. */
export interface OutgoingMessage {
  /** At most 16 characters; the same on every attempt, so that a receiver can tell a repeat. */
  controlId: string
  /** Epoch ms of this attempt. */
  sentAt: number
  /** Counted from 1, over restarts of the gateway too. */
  attempt: number
  /** A test of the interface: to be marked as one wherever the form has a place for it. */
  test: boolean
  alert: RaisedAlert
  /** Who is to answer, and where the patient is, by the time the message was queued. */
  recipient: Recipient
  ward: string
  bed: string
  /** The second person who confirmed it (双人核对); left out where nobody did. */
  checkedBy?: string | undefined
  detail: MessageDetail & { kind: MessageKind }
}

/** What one attempt came to. `error` is a code for people and statistics, never the receiver's free text. */
export type Verdict =
  | { outcome: 'delivered' }
  /** Repeating the same message cannot mend it: a dead letter. */
  | { outcome: 'refused'; error: string }
  | { outcome: 'retry'; error: string }

export interface Attempt {
  verdict: Verdict
  /** No answer came at all; the circuit breaker counts these. */
  silent: boolean
  /** For the configuration wizard and the sealed audit: secrets already replaced. */
  exchange: RawExchange
  /** The receiver's own words: into the sealed audit only. */
  receiverText?: string
}

/** One hospital system, one way of talking to it. Each adapter is a folder of its own. */
export interface DeliveryAdapter {
  /** One attempt. Never throws for what the other side does. Aborts with `signal`. */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<Attempt>
  /**
   * Asks for answers to these alerts, where the target is configured to be polled: candidates of a `Reply`, which whoever
   * takes them in holds against its schema, so that one that makes no sense is on record and holds up no other.
   * @throws Error with a code as its message
   */
  poll?(alertIds: readonly string[], signal: AbortSignal): Promise<unknown[]>
  close(): void | Promise<void>
}

/** A target that is asked for answers, because it does not bring them. */
export interface PolledTarget {
  target: string
  everySeconds: number
  poll: NonNullable<DeliveryAdapter['poll']>
}
