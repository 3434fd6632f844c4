import type { WorkstationState } from '../../shared/ipc/index.ts'

export { clockJump, type Moment, steadyClock } from './clocks.ts'

/** Why the workstation locks; what the lock screen tells. */
export type LockReason = Extract<WorkstationState, { phase: 'locked' }>['why']

/** The part of the workstation's state that locking is decided on. Times are of the steady clock, which nobody can set. */
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
  /** Policy has changed how long the user may be away. */
  | { kind: 'lock-after'; lockAfterMs: number }

export function unlockedAt(at: number, lockAfterMs: number): LockState {
  return { locked: false, lastInputAt: at, lockAfterMs }
}

/** The next state. Pure: the same inputs give the same locks. An input in the future counts as made now. */
export function nextLockState(state: LockState, input: LockInput): LockState {
  if (input.kind === 'unlocked') return unlockedAt(input.at, input.lockAfterMs)
  if (state.locked) return state
  if (input.kind === 'lock-after') return { ...state, lockAfterMs: input.lockAfterMs }
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
