import { history } from '@codemirror/commands'
import { StateField, type Transaction } from '@codemirror/state'

/** One may think for a while in the middle of a word. */
const pauseMs = 60_000

/**
 * Undo by words: a word of Latin or digits with what parts it from the next, a composed or dictated phrase, a run of deletion. (The
 * editor's own groups by pauses: who writes without one loses a paragraph, who writes slowly a letter.) A composition is one
 * step whatever is said here.
 */
export function wordHistory() {
  return [
    lastEdit,
    history({
      newGroupDelay: pauseMs,
      joinToEvent: (transaction, adjacent) => adjacent && goesOn(transaction),
    }),
  ]
}

type Edit = 'none' | 'insert' | 'delete'

const lastEdit = StateField.define<Edit>({
  create: () => 'none',
  update: (edit, transaction) => (transaction.docChanged ? (editOf(transaction)?.kind ?? 'none') : edit),
})

/** The one insertion or deletion that a transaction is; null where it is more. */
function editOf(transaction: Transaction): { kind: Edit; at: number; text: string } | null {
  const edits: { kind: Edit; at: number; text: string }[] = []
  transaction.changes.iterChanges((from, to, _newFrom, _newTo, inserted) => {
    const removed = transaction.startState.doc.sliceString(from, to)
    if (removed === '') edits.push({ kind: 'insert', at: from, text: inserted.toString() })
    else if (inserted.length === 0) edits.push({ kind: 'delete', at: from, text: removed })
    else edits.push({ kind: 'none', at: from, text: '' })
  })
  const [edit] = edits
  return edits.length === 1 && edit && edit.kind !== 'none' ? edit : null
}

const wordCharacter = /[\p{Script=Latin}\d.%°-]/u

/** The edit goes on with the word that the last one wrote, or with the run that it deleted. */
function goesOn(transaction: Transaction): boolean {
  const edit = editOf(transaction)
  if (!edit || transaction.startState.field(lastEdit) !== edit.kind) return false
  if (edit.kind === 'delete') return !/[。；\n]/.test(edit.text)
  // More than a character at once was composed, dictated or pasted.
  if ([...edit.text].length > 1) return false
  const [further = '', before = ''] = [2, 1].map((back) =>
    transaction.startState.doc.sliceString(Math.max(0, edit.at - back), Math.max(0, edit.at - back + 1)),
  )
  if (edit.text === ' ') return wordCharacter.test(before)
  // A space that follows no word belongs to the next.
  return (
    wordCharacter.test(edit.text) &&
    (wordCharacter.test(before) || (before === ' ' && !wordCharacter.test(further)))
  )
}
