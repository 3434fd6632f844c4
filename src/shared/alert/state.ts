import { z } from 'zod'
import type { LevelDeadlines } from '../critical/rules.ts'
import { type AlertEvent, Awaited, MessageKind } from './event.ts'

/**
 * Where an alert stands: waiting for its second check, sent (in the outbox), delivered (a hospital system has it),
 * received (a clinician acknowledged it), handled (they did something about it), closed (the loop is confirmed), or withdrawn.
 */
export const AlertStatus = z.enum([
  'awaiting-check',
  'sent',
  'delivered',
  'received',
  'handled',
  'closed',
  'withdrawn',
])
export type AlertStatus = z.infer<typeof AlertStatus>

/** The sum of an alert's events. Times are epoch ms of the gateway's clock; null is not yet. */
export const AlertState = z.object({
  status: AlertStatus,
  raisedAt: z.number(),
  /** When it went into the outbox; deadlines count from then. */
  releasedAt: z.number().nullable(),
  deliveredAt: z.number().nullable(),
  receivedAt: z.number().nullable(),
  handledAt: z.number().nullable(),
  withdrawnAt: z.number().nullable(),
  /** Times that it was escalated. */
  hops: z.int(),
  /** The chain is at its end and nobody has answered since. */
  exhausted: z.boolean(),
  /** A target gave a message up, and it has been neither sent again nor delivered since. */
  refused: z.boolean(),
  deadLetters: z.array(z.object({ target: z.string(), message: MessageKind })),
  /** What is waited for, and when somebody must do something about it; null where nothing is waited for. */
  due: z.object({ awaited: Awaited, at: z.number() }).nullable(),
})
export type AlertState = z.infer<typeof AlertState>

/** What the dictionary's rules say of an alert of one level. */
export interface LoopTiming {
  deadlines: LevelDeadlines
  closeAfterHours: number
}

const minute = 60_000

/** True while somebody may still take it back: until it is handled. */
export function mayWithdraw(state: Pick<AlertState, 'status' | 'handledAt'>): boolean {
  return isOpen(state) && state.handledAt === null
}

/** True until the loop is closed. */
export function isOpen({ status }: Pick<AlertState, 'status'>): boolean {
  return status !== 'closed' && status !== 'withdrawn'
}

/** True once it went out: before that, nobody outside can know of it, let alone answer. */
export function isReleased({ releasedAt }: Pick<AlertState, 'releasedAt'>): boolean {
  return releasedAt !== null
}

/**
 * The state after one event, `at` epoch ms; `before` is null for `raised`. An event that comes too late (an answer after
 * withdrawal, a second acknowledgement) is kept in the record and changes nothing here.
 * @throws RangeError where the first event is not `raised`.
 */
export function nextAlertState(
  before: AlertState | null,
  event: AlertEvent,
  at: number,
  timing: LoopTiming,
): AlertState {
  if (before === null) {
    if (event.kind !== 'raised') throw new RangeError('an alert begins with being raised')
    return raisedAt(at)
  }
  if (!isOpen(before)) return before
  const facts = changed(before, event, at)
  const next = { ...facts, status: statusOf(facts) }
  return { ...next, due: dueAfter(before, next, event, at, timing) }
}

function raisedAt(at: number): AlertState {
  return {
    status: 'sent',
    raisedAt: at,
    releasedAt: null,
    deliveredAt: null,
    receivedAt: null,
    handledAt: null,
    withdrawnAt: null,
    hops: 0,
    exhausted: false,
    refused: false,
    deadLetters: [],
    due: null,
  }
}

/**
 * What the facts say. An alert that waits for its second check goes on waiting whatever is telephoned meanwhile: it has
 * not gone out.
 */
function statusOf(state: AlertState): AlertStatus {
  if (!isOpen(state) || state.releasedAt === null) return state.status
  if (state.handledAt !== null) return 'handled'
  if (state.receivedAt !== null) return 'received'
  return state.deliveredAt === null ? 'sent' : 'delivered'
}

/** The facts after the event; the status only where the event itself decides it. */
function changed(state: AlertState, event: AlertEvent, at: number): AlertState {
  switch (event.kind) {
    case 'check-requested':
      return isReleased(state) ? state : { ...state, status: 'awaiting-check' }
    case 'released':
      return { ...state, releasedAt: state.releasedAt ?? at }
    case 'delivered':
      return { ...withDeadLetters(state, event, false), deliveredAt: state.deliveredAt ?? at }
    case 'refused':
      return withDeadLetters(state, event, true)
    case 'replayed':
      return withDeadLetters(state, event, false)
    case 'received':
      return isReleased(state) ? receivedBy(state, at) : state
    case 'called':
      // A clinician who was told by telephone has received it.
      return event.reached ? receivedBy(state, at) : state
    case 'handled':
      // Who did something about it has read it. One of our people may hear it by telephone before it went out.
      if (!isReleased(state) && event.source !== 'phone') return state
      return { ...receivedBy(state, at), handledAt: state.handledAt ?? at, exhausted: false }
    case 'closed':
      return state.status === 'handled' ? { ...state, status: 'closed' } : state
    case 'escalated':
      return { ...state, hops: Math.max(state.hops, event.hop) }
    case 'exhausted':
      return { ...state, exhausted: true }
    case 'withdrawn':
      // What was handled stays handled.
      return mayWithdraw(state) ? { ...state, status: 'withdrawn', withdrawnAt: at } : state
    default:
      return state
  }
}

function receivedBy(state: AlertState, at: number): AlertState {
  return state.receivedAt === null ? { ...state, receivedAt: at, exhausted: false } : state
}

/** With the target's dead letters (of one kind of message, where that is said) struck out, and this one added. */
function withDeadLetters(
  state: AlertState,
  { target, message }: { target: string; message?: MessageKind },
  refused: boolean,
): AlertState {
  const others = state.deadLetters.filter(
    (letter) => letter.target !== target || (message !== undefined && letter.message !== message),
  )
  const deadLetters = refused && message !== undefined ? [...others, { target, message }] : others
  return { ...state, deadLetters, refused: deadLetters.length > 0 }
}

function dueAfter(
  before: AlertState,
  next: AlertState,
  event: AlertEvent,
  at: number,
  { deadlines: { receiveMinutes, handleMinutes, hopMinutes }, closeAfterHours }: LoopTiming,
): AlertState['due'] {
  if (!isOpen(next)) return null
  if (next.releasedAt === null)
    return event.kind === 'check-requested' ? { awaited: 'check', at: event.until } : before.due
  if (next.handledAt !== null) return { awaited: 'close', at: next.handledAt + closeAfterHours * 60 * minute }
  const awaited = next.receivedAt === null ? 'receive' : 'handle'
  // Nobody further to tell: it is told again to those who were told, as often as a hop.
  if (event.kind === 'escalated' || event.kind === 'exhausted')
    return { awaited, at: at + hopMinutes * minute }
  if (before.due?.awaited === awaited) return before.due
  if (awaited === 'receive') return { awaited, at: next.releasedAt + receiveMinutes * minute }
  // Who has only just acknowledged it, late, is left the time of a hop to act.
  return { awaited, at: Math.max(next.releasedAt + handleMinutes * minute, at + hopMinutes * minute) }
}
