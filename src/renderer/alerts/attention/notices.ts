import { type Alert, isOpen } from '../../../shared/alert/index.ts'
import type { CriticalLevel } from '../../../shared/critical/model.ts'
import type { AlertAttention } from '../../../shared/session/index.ts'

/** What a person must notice of an alert. */
export type Why = AlertAttention['why']

/** The gravest first. */
const gravity: readonly Why[] = [
  'exhausted',
  'answered-late',
  'refused',
  'escalated',
  'check-objected',
  'released-unchecked',
  'check-requested',
]
const levels = ['red', 'orange', 'yellow']

/** One `alert-attention` as it came; `at` is this workstation's epoch ms. */
export interface Heard {
  alertId: string
  why: Why
  level: CriticalLevel
  at: number
}

/**
 * What a session has been told of, has put away, and has been rung for. It outlives a lock, and holds identifiers and
 * no clinical fact.
 */
export interface AttentionMemory {
  heard: readonly Heard[]
  /** Keys of what was put away. */
  seen: readonly string[]
  /** Keys of what has rung. */
  rung: readonly string[]
}

export const nothingHeard: AttentionMemory = { heard: [], seen: [], rung: [] }

export type AttentionStep =
  | ({ kind: 'heard' } & Heard)
  | { kind: 'seen'; keys: readonly string[] }
  | { kind: 'rung'; keys: readonly string[] }

/** What is told again is new again: it is to be noticed, and to ring, once more. */
export function nextMemory(memory: AttentionMemory, step: AttentionStep): AttentionMemory {
  if (step.kind === 'seen') return { ...memory, seen: [...new Set([...memory.seen, ...step.keys])] }
  if (step.kind === 'rung') return { ...memory, rung: [...new Set([...memory.rung, ...step.keys])] }
  const { kind: _, ...heard } = step
  const { alertId, why } = heard
  const others = (key: string) => !key.startsWith(`${alertId} ${why} `)
  return {
    heard: [...memory.heard.filter((each) => each.alertId !== alertId || each.why !== why), heard],
    seen: memory.seen.filter(others),
    rung: memory.rung.filter(others),
  }
}

/** One alert that somebody must look at, for its gravest reason. */
export interface Notice {
  alert: Alert
  why: Why
  /** Of this reason. */
  key: string
  /** Of every reason that the alert gives now: putting the notice away puts all of them away. */
  keys: string[]
}

/** What the person may do decides what concerns them. */
export interface Viewer {
  mayCheck: boolean
  mayManage: boolean
}

/** What of these alerts (all the open ones, and those withdrawn ones that were heard of) is to be noticed and has not been put away; the gravest first. */
export function noticesOf(alerts: readonly Alert[], memory: AttentionMemory, viewer: Viewer): Notice[] {
  return alerts.flatMap((alert) => noticeOf(alert, memory, viewer)).sort(byGravity)
}

function noticeOf(alert: Alert, memory: AttentionMemory, viewer: Viewer): Notice[] {
  const heard = new Map(
    memory.heard.filter(({ alertId }) => alertId === alert.id).map(({ why, at }) => [why, at]),
  )
  const reasons = gravity.filter((why) => stands(why, alert, heard.get(why), viewer))
  const keyOf = (why: Why) => `${alert.id} ${why} ${why === 'escalated' ? alert.state.hops : 0}`
  const why = reasons.find((each) => !memory.seen.includes(keyOf(each)))
  return why ? [{ alert, why, key: keyOf(why), keys: reasons.map(keyOf) }] : []
}

/**
 * Whether a reason still holds, from the state alone where it says so, so that what came while nobody could be told (a
 * lock, another shift) is not lost. An alert whose chain has ended concerns all who can telephone: its reporter may be gone.
 */
function stands(why: Why, { state, own }: Alert, heardAt: number | undefined, viewer: Viewer): boolean {
  if (why === 'answered-late') return heardAt !== undefined && own && state.status === 'withdrawn'
  if (!isOpen(state) || state.handledAt !== null) return false
  const unanswered = state.receivedAt === null
  switch (why) {
    case 'exhausted':
      return state.exhausted && (own || viewer.mayManage)
    case 'refused':
      return state.refused && unanswered && own
    case 'escalated':
      if (!own || state.hops === 0) return false
      return unanswered || (heardAt !== undefined && heardAt >= (state.receivedAt ?? 0))
    case 'check-requested':
      return state.status === 'awaiting-check' && viewer.mayCheck && !own
    case 'check-objected':
      return heardAt !== undefined && own && state.status === 'awaiting-check'
    case 'released-unchecked':
      return heardAt !== undefined && own && unanswered && state.status !== 'awaiting-check'
  }
}

function byGravity(a: Notice, b: Notice): number {
  return (
    gravity.indexOf(a.why) - gravity.indexOf(b.why) ||
    levels.indexOf(a.alert.level) - levels.indexOf(b.alert.level) ||
    a.alert.raisedAt - b.alert.raisedAt
  )
}
