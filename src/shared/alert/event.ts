import { z } from 'zod'
import { RecipientKind } from '../critical/rules.ts'
import { Recipient } from './recipient.ts'

const text = (max: number) => z.string().max(max)

/** A clinician as the other side names them. */
export const Clinician = z.object({
  id: text(40),
  name: text(60),
  role: z.enum(['nurse', 'doctor', 'other']),
})
export type Clinician = z.infer<typeof Clinician>

/** One of our own people. */
const person = z.object({ accountId: z.string(), name: z.string() })

/** How an answer came back. */
export const ReplySource = z.enum(['http', 'mllp', 'poll', 'phone'])
export type ReplySource = z.infer<typeof ReplySource>

/** The kinds of message that go out about one alert. Only `notice` is a new alert to the receiver. */
export const MessageKind = z.enum(['notice', 'cancel', 'escalation', 'reroute'])
export type MessageKind = z.infer<typeof MessageKind>

const skipped = z.array(RecipientKind).optional()

/** What a deadline is for. */
export const Awaited = z.enum(['check', 'receive', 'handle', 'close'])
export type Awaited = z.infer<typeof Awaited>

/**
 * One thing that happened to an alert. Append-only; where the alert stands follows from these alone (state.ts). A field
 * `at` is when it happened by the other side's clock, beside the event's own time.
 */
export const AlertEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('raised') }),
  /** A second person is to confirm it before it goes out; at `until` (epoch ms) it goes out all the same. */
  z.object({ kind: z.literal('check-requested'), until: z.number() }),
  z.object({ kind: z.literal('checked'), by: person, twice: z.boolean() }),
  z.object({ kind: z.literal('check-objected'), by: person, remark: text(200) }),
  /** Into the outbox. `unchecked` where the wait for a second person ended without one. */
  z.object({ kind: z.literal('released'), unchecked: z.boolean() }),
  z.object({ kind: z.literal('delivered'), target: z.string(), message: MessageKind }),
  /** Given up: it stands among the dead letters. `error` is a code. */
  z.object({ kind: z.literal('refused'), target: z.string(), message: MessageKind, error: z.string() }),
  z.object({ kind: z.literal('replayed'), target: z.string(), by: person }),
  z.object({
    kind: z.literal('received'),
    by: Clinician,
    readBack: z.boolean(),
    source: ReplySource,
    at: z.number(),
  }),
  z.object({
    kind: z.literal('handled'),
    by: Clinician,
    measure: text(500),
    opinion: text(500),
    source: ReplySource,
    at: z.number(),
  }),
  /** The loop is confirmed by one of our people, or closed by itself some time after handling (null). */
  z.object({ kind: z.literal('closed'), by: person.nullable() }),
  /** `skipped` are hops on the way of whom nobody is known. */
  z.object({ kind: z.literal('escalated'), hop: z.int(), to: Recipient, awaited: Awaited, skipped }),
  /** The chain is at its end and nobody answered: somebody must telephone. Comes again as often as a hop. */
  z.object({ kind: z.literal('exhausted'), awaited: Awaited, skipped }),
  z.object({ kind: z.literal('rerouted'), to: Recipient, ward: z.string(), bed: z.string() }),
  z.object({
    kind: z.literal('called'),
    by: person,
    called: z.object({ name: text(60), role: Clinician.shape.role, phone: text(24) }),
    reached: z.boolean(),
    readBack: z.boolean(),
    remark: text(200),
    at: z.number(),
  }),
  z.object({ kind: z.literal('withdrawn'), by: person, reason: text(200) }),
])
export type AlertEvent = z.infer<typeof AlertEvent>

/** An event as recorded. `at` is epoch ms of the gateway's clock. */
export const RecordedEvent = z.object({ id: z.string(), recordedAt: z.number(), event: AlertEvent })
export type RecordedEvent = z.infer<typeof RecordedEvent>
