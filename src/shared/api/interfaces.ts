import { z } from 'zod'
import { MessageKind } from '../alert/index.ts'
import { CriticalLevel } from '../critical/model.ts'
import { Reason } from './administration.ts'
import type { Route } from './route.ts'

const done = z.object({})
const manage = { principal: 'session', permission: 'interface.manage' } as const
const targetParams = z.object({ target: z.string().regex(/^[a-z0-9-]{1,32}$/) })
const idParams = z.object({ id: z.string().min(1).max(64) })

/** A hospital system that alerts go to. */
export const DeliveryTarget = z.object({
  name: z.string(),
  kind: z.enum(['hl7-mllp', 'soap', 'fhir', 'table', 'webhook']),
  /** Where it is, without credentials. */
  address: z.string(),
  tls: z.boolean(),
  /** `open`: it has not answered and is left alone until `resumesAt`. */
  circuit: z.enum(['closed', 'open', 'half-open']),
  resumesAt: z.number().nullable(),
  waiting: z.int(),
  deadLetters: z.int(),
  lastSuccessAt: z.number().nullable(),
  lastFailureAt: z.number().nullable(),
  /** A code. */
  lastError: z.string().nullable(),
})
export type DeliveryTarget = z.infer<typeof DeliveryTarget>

/** A message that a target gave a lasting reason against; it goes out again only when somebody says so. */
export const DeadLetter = z.object({
  id: z.string(),
  alertId: z.string(),
  kind: MessageKind,
  target: z.string(),
  type: z.string(),
  level: CriticalLevel,
  attempts: z.int(),
  error: z.string(),
  createdAt: z.number(),
  refusedAt: z.number(),
})
export type DeadLetter = z.infer<typeof DeadLetter>

/** What went over the wire, as text; secrets (keys, passwords, signatures) are replaced by `***`. */
export const RawExchange = z.object({
  request: z.string(),
  /** Null where nothing came back. */
  response: z.string().nullable(),
})
export type RawExchange = z.infer<typeof RawExchange>

export const TestAlertResult = z.object({
  outcome: z.enum(['delivered', 'refused', 'retry']),
  /** A code; null where it was delivered. */
  error: z.string().nullable(),
  ms: z.number(),
  exchange: RawExchange,
})
export type TestAlertResult = z.infer<typeof TestAlertResult>

/** An incoming message that could not be taken in. Its content is sealed and only shown one at a time. */
export const QuarantinedMessage = z.object({
  id: z.string(),
  feed: z.string(),
  /** Network address it came from. */
  peer: z.string(),
  receivedAt: z.number(),
  /** HL7 MSH-9 and MSH-10 as far as they could be read; empty otherwise. */
  messageType: z.string(),
  controlId: z.string(),
  /** A code, and which segment, field or part is wrong: `PID-3`. Never a value. */
  reason: z.string(),
  where: z.string(),
  bytes: z.int(),
  state: z.enum(['waiting', 'replayed', 'discarded']),
  settledAt: z.number().nullable(),
  settledBy: z.string(),
})
export type QuarantinedMessage = z.infer<typeof QuarantinedMessage>

/** A listener that orders, or answers to alerts, come in by. */
export const IncomingFeed = z.object({
  name: z.string(),
  kind: z.enum(['orders-mllp', 'replies-mllp', 'replies-http']),
  port: z.int(),
  tls: z.boolean(),
  peers: z.array(z.string()),
  received: z.int(),
  accepted: z.int(),
  quarantined: z.int(),
  /** Connections from peers that are not on the list. */
  turnedAway: z.int(),
  lastMessageAt: z.number().nullable(),
})
export type IncomingFeed = z.infer<typeof IncomingFeed>

/** What the administrator sees of the hospital's interfaces, and does about them. */
export const interfacesApi = {
  deliveryTargets: {
    method: 'GET',
    path: '/v1/interfaces/targets',
    ...manage,
    response: z.object({ targets: z.array(DeliveryTarget) }),
  },
  /** Sends one alert that says it is a test, outside the outbox, and shows what was said on both sides. */
  sendTestAlert: {
    method: 'POST',
    path: '/v1/interfaces/targets/:target/test',
    ...manage,
    params: targetParams,
    response: TestAlertResult,
  },
  /** Lets a target whose circuit is open be tried now. */
  resumeTarget: {
    method: 'POST',
    path: '/v1/interfaces/targets/:target/resume',
    ...manage,
    params: targetParams,
    response: done,
  },
  deadLetters: {
    method: 'GET',
    path: '/v1/interfaces/dead-letters',
    ...manage,
    response: z.object({ letters: z.array(DeadLetter) }),
  },
  replayDeadLetter: {
    method: 'POST',
    path: '/v1/interfaces/dead-letters/:id/replay',
    ...manage,
    params: idParams,
    response: done,
  },
  incomingFeeds: {
    method: 'GET',
    path: '/v1/interfaces/feeds',
    ...manage,
    response: z.object({ feeds: z.array(IncomingFeed) }),
  },
  /** Newest first, at most 500. */
  quarantine: {
    method: 'GET',
    path: '/v1/interfaces/quarantine',
    ...manage,
    query: z.object({ state: z.enum(['waiting', 'all']).default('waiting') }),
    response: z.object({ messages: z.array(QuarantinedMessage), waiting: z.int() }),
  },
  /** Its text; that it was looked at is audited. Whose it is cannot be known for sure: it is veiled for all but the fully cleared. */
  quarantinedMessage: {
    method: 'GET',
    path: '/v1/interfaces/quarantine/:id',
    ...manage,
    params: idParams,
    response: z.object({
      message: QuarantinedMessage,
      text: z.string(),
      /** Values of the patient are masked; `revealQuarantined` tells them. */
      veiled: z.boolean(),
      /** An order may be taken in corrected. What a clinician answered may not: it goes in as it came, or not at all. */
      correctable: z.boolean(),
    }),
  },
  /** Its text whole, on need: audited with the reason, or not told at all. */
  revealQuarantined: {
    method: 'POST',
    path: '/v1/interfaces/quarantine/:id/reveal',
    ...manage,
    params: idParams,
    body: z.strictObject({ reason: Reason }),
    response: z.object({ text: z.string() }),
  },
  /** A corrected text may be one that was shown veiled: what was left masked is taken in as it came. Takes it in again, as it came or, where it is correctable, corrected (`permission-denied` otherwise). Where it still cannot be taken in: `message-unusable {reason, where}`. */
  replayQuarantined: {
    method: 'POST',
    path: '/v1/interfaces/quarantine/:id/replay',
    ...manage,
    params: idParams,
    body: z.strictObject({ text: z.string().max(262_144).optional() }),
    bodyLimit: 524_288,
    response: done,
  },
  discardQuarantined: {
    method: 'POST',
    path: '/v1/interfaces/quarantine/:id/discard',
    ...manage,
    params: idParams,
    body: z.strictObject({ reason: Reason }),
    response: done,
  },
} as const satisfies Record<string, Route>
