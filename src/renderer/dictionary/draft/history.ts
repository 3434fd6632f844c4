import type { DictionaryContent } from '../../../shared/api/dictionary.ts'

/** What is being written: the content, and what it is for. */
export interface Work {
  content: DictionaryContent
  note: string
}

/** Edits that can be taken back, and done again. */
export interface History {
  present: Work
  past: readonly Work[]
  future: readonly Work[]
  /** The field of the last edit: typing on in it is the same step. */
  mark: string | null
}

const mostSteps = 200

export function historyOf(present: Work): History {
  return { present, past: [], future: [], mark: null }
}

/** `mark` names the field that is typed in; null makes a step of its own. */
export function edited(history: History, next: Work, mark: string | null): History {
  const { present, past } = history
  if (next === present || (next.content === present.content && next.note === present.note)) return history
  const continues = mark !== null && mark === history.mark && past.length > 0
  return {
    present: next,
    past: continues ? past : [...past, present].slice(-mostSteps),
    future: [],
    mark,
  }
}

export function undone(history: History): History {
  const before = history.past.at(-1)
  if (!before) return history
  return {
    present: before,
    past: history.past.slice(0, -1),
    future: [history.present, ...history.future],
    mark: null,
  }
}

export function redone(history: History): History {
  const [after, ...future] = history.future
  if (!after) return history
  return { present: after, past: [...history.past, history.present], future, mark: null }
}

/** The entry where two contents part; null where none does. */
export function changedEntry(before: DictionaryContent, after: DictionaryContent): number | null {
  if (before.entries === after.entries) return null
  const at = after.entries.findIndex((entry, index) => entry !== before.entries[index])
  if (at >= 0) return at
  return after.entries.length === before.entries.length ? null : Math.max(0, after.entries.length - 1)
}
