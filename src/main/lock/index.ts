import type { WorkstationState } from '../../shared/ipc/index.ts'

/** Why the workstation locks; what the lock screen tells. */
export type LockReason = Extract<WorkstationState, { phase: 'locked' }>['why']

/** The part of the workstation's state that locking is decided on. Times are of a clock that only goes forward with the wall. */
export type LockState =
  | { locked: false; lastInputAt: number; lockAfterMs: number }
  | { locked: true; why: LockReason; since: number }

export type LockInput =
  /** The window reports an input. */
  | { kind: 'input'; at: number }
  /** The machine's own idle time, where the shell knows it; null where only the window does. */
  | { kind: 'tick'; at: number; systemIdleMs: number | null }
  | { kind: 'must-lock'; why: Exclude<LockReason, 'idle'>; at: number }
  | { kind: 'unlocked'; at: number; lockAfterMs: number }

export function unlockedAt(at: number, lockAfterMs: number): LockState {
  return { locked: false, lastInputAt: at, lockAfterMs }
}

/**
 * The next state. Pure: the same inputs give the same locks.
 * A clock set back would put the lock off for as long; an input in the future therefore counts as made now.
 */
export function nextLockState(state: LockState, input: LockInput): LockState {
  if (input.kind === 'unlocked') return unlockedAt(input.at, input.lockAfterMs)
  if (state.locked) return state
  if (input.kind === 'must-lock') return { locked: true, why: input.why, since: input.at }
  if (input.kind === 'input') return { ...state, lastInputAt: input.at }
  const known = Math.min(state.lastInputAt, input.at)
  const system = input.systemIdleMs === null ? known : input.at - input.systemIdleMs
  const lastInputAt = Math.max(known, system)
  if (input.at - lastInputAt >= state.lockAfterMs) return { locked: true, why: 'idle', since: input.at }
  return { ...state, lastInputAt }
}

/** How long ago the last input was, for the activity report to the gateway. */
export function idleFor(state: LockState, at: number): number {
  return Math.max(0, at - (state.locked ? state.since : state.lastInputAt))
}
