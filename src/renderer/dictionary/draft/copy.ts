import type { DictionaryContent, DictionaryVersion } from '../../../shared/api/dictionary.ts'
import { edited, type History, historyOf, redone, undone, type Work } from './history.ts'
import { reviewOf } from './mistakes.ts'

/** The draft as it is in this window. */
export interface DraftCopy {
  version: string
  /** The saved state that it goes by. */
  revision: number
  saved: Work
  history: History
  /** Somebody else saved, discarded or published the draft while there were edits here. */
  clash: boolean
  /** Edits that were put aside for somebody else's draft; to compare with, or to take up again. */
  aside: Work | null
}

export function copyOf(
  { version, revision, note }: DictionaryVersion,
  content: DictionaryContent,
): DraftCopy {
  const work = { content, note }
  return { version, revision, saved: work, history: historyOf(work), clash: false, aside: null }
}

export function isUnsaved({ saved, history: { present } }: DraftCopy): boolean {
  return present.content !== saved.content || present.note !== saved.note
}

/** True where the gateway would take it. */
export function isSavable({ content, note }: Work): boolean {
  return note.length <= mostOfNote && reviewOf(content).errors === 0
}

export const mostOfNote = 200

export type CopyEvent =
  | { kind: 'edit'; next: (work: Work) => Work; mark: string | null }
  | { kind: 'undo' }
  | { kind: 'redo' }
  /** `work` was saved, and is now this revision. */
  | { kind: 'saved'; work: Work; revision: number }
  | { kind: 'clash' }
  /** The gateway's draft as it is now. With edits here those are put aside. */
  | { kind: 'load'; version: DictionaryVersion; content: DictionaryContent }
  /** Goes on with the edits from here, over what the other one saved. */
  | { kind: 'keep-mine'; version: DictionaryVersion; content: DictionaryContent }
  | { kind: 'take-up-aside' }
  | { kind: 'drop-aside' }

export function nextCopy(copy: DraftCopy, event: CopyEvent): DraftCopy {
  switch (event.kind) {
    case 'edit': {
      const next = event.next(copy.history.present)
      return { ...copy, history: edited(copy.history, next, event.mark) }
    }
    case 'undo':
      return { ...copy, history: undone(copy.history) }
    case 'redo':
      return { ...copy, history: redone(copy.history) }
    case 'saved':
      return { ...copy, saved: event.work, revision: event.revision }
    case 'clash':
      return copy.clash ? copy : { ...copy, clash: true }
    case 'load':
      return {
        ...copyOf(event.version, event.content),
        aside: isUnsaved(copy) ? copy.history.present : copy.aside,
      }
    case 'keep-mine': {
      const { version, revision, note } = event.version
      return { ...copy, version, revision, saved: { content: event.content, note }, clash: false }
    }
    case 'take-up-aside': {
      const aside = copy.aside
      return aside ? { ...copy, aside: null, history: edited(copy.history, aside, null) } : copy
    }
    case 'drop-aside':
      return { ...copy, aside: null }
  }
}
