import { z } from 'zod'
import type { LevelDeadlines } from '../critical/rules.ts'
import { type AlertEvent, Awaited } from './event.ts'

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
  /** The chain is at its end. */
  exhausted: z.boolean(),
  /** A target gave it up and nobody has replayed it. */
  refused: z.boolean(),
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
export function mayWithdraw(state: Pick<AlertState, 'status'>): boolean {
  return isOpen(state) && state.status !== 'handled'
}

/** True until the loop is closed. */
export function isOpen({ status }: Pick<AlertState, 'status'>): boolean {
  return status !== 'closed' && status !== 'withdrawn'
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
  const next = changed(before, event, at)
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
    due: null,
  }
}

function changed(state: AlertState, event: AlertEvent, at: number): AlertState {
  switch (event.kind) {
    case 'check-requested':
      return { ...state, status: 'awaiting-check' }
    case 'released':
      return { ...state, status: 'sent', releasedAt: state.releasedAt ?? at }
    case 'delivered':
      return {
        ...state,
        refused: event.message === 'notice' ? false : state.refused,
        deliveredAt: state.deliveredAt ?? at,
        status: state.status === 'sent' ? 'delivered' : state.status,
      }
    case 'refused':
      return { ...state, refused: true }
    case 'replayed':
      return { ...state, refused: false }
    case 'received':
      return state.receivedAt === null
        ? { ...state, status: 'received', receivedAt: at, exhausted: false }
        : state
    case 'called':
      // A clinician who was told by telephone has received it.
      return event.reached && state.receivedAt === null
        ? { ...state, status: 'received', receivedAt: at, exhausted: false }
        : state
    case 'handled':
      return {
        ...state,
        status: 'handled',
        receivedAt: state.receivedAt ?? at,
        handledAt: state.handledAt ?? at,
      }
    case 'closed':
      return { ...state, status: 'closed' }
    case 'escalated':
      return { ...state, hops: event.hop }
    case 'exhausted':
      return { ...state, exhausted: true }
    case 'withdrawn':
      // What was handled stays handled.
      return mayWithdraw(state) ? { ...state, status: 'withdrawn', withdrawnAt: at } : state
    default:
      return state
  }
}

function dueAfter(
  before: AlertState,
  next: AlertState,
  event: AlertEvent,
  at: number,
  { deadlines: { receiveMinutes, handleMinutes, hopMinutes }, closeAfterHours }: LoopTiming,
): AlertState['due'] {
  if (!isOpen(next)) return null
  if (next.handledAt !== null) return { awaited: 'close', at: next.handledAt + closeAfterHours * 60 * minute }
  if (event.kind === 'check-requested') return { awaited: 'check', at: event.until }
  if (next.releasedAt === null) return before.due
  const awaited = next.receivedAt === null ? 'receive' : 'handle'
  // Nobody further to tell: it is told again to those who were told, as often as a hop.
  if (event.kind === 'escalated' || event.kind === 'exhausted')
    return { awaited, at: at + hopMinutes * minute }
  if (before.due?.awaited === awaited) return before.due
  const allowed = awaited === 'receive' ? receiveMinutes : handleMinutes
  return { awaited, at: next.releasedAt + allowed * minute }
}
