/** What was, what is, and what was undone; oldest first. */
export interface History<T> {
  past: readonly T[]
  present: T
  /** What `undo` took away, the next to come back first. */
  future: readonly T[]
}

export const begun = <T>(present: T): History<T> => ({ past: [], present, future: [] })

/** One more step. At most `limit` steps are remembered. */
export function stepped<T>(history: History<T>, next: T, limit: number): History<T> {
  if (next === history.present) return history
  return { past: [...history.past, history.present].slice(-limit), present: next, future: [] }
}

export function undone<T>(history: History<T>): History<T> {
  const before = history.past.at(-1)
  if (before === undefined) return history
  return { past: history.past.slice(0, -1), present: before, future: [history.present, ...history.future] }
}

export function redone<T>(history: History<T>): History<T> {
  const [next, ...rest] = history.future
  if (next === undefined) return history
  return { past: [...history.past, history.present], present: next, future: rest }
}
