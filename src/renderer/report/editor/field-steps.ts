import type { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { type Field, fieldsOf } from '../../../shared/report/consistency/index.ts'

/** The field that is selected as a whole. */
export function selectedField(state: EditorState): Field | null {
  const { from, to } = state.selection.main
  return fieldsOf(state.doc.toString()).find(({ start, end }) => start === from && end === to) ?? null
}

/** The field after the cursor, or before it. */
export function fieldBeside(state: EditorState, direction: 1 | -1): Field | null {
  const { from, to } = state.selection.main
  const fields = fieldsOf(state.doc.toString())
  return direction > 0
    ? (fields.find(({ start }) => start >= to) ?? null)
    : (fields.findLast(({ end }) => end <= from) ?? null)
}

export function selectField(view: EditorView, { start, end }: Field): void {
  view.dispatch({
    selection: { anchor: start, head: end },
    effects: EditorView.scrollIntoView(start, { y: 'nearest', yMargin: 24 }),
    userEvent: 'select',
  })
}

/** Goes to the next field or the one before; false where there is none. */
export function stepToField(view: EditorView, direction: 1 | -1): boolean {
  const field = fieldBeside(view.state, direction)
  if (field) selectField(view, field)
  return field !== null
}

/** Puts an option in the place of its field, and goes on to the next. */
export function fillField(view: EditorView, field: Field, words: string): void {
  view.dispatch({
    changes: { from: field.start, to: field.end, insert: words },
    selection: { anchor: field.start + words.length },
    userEvent: 'input.complete',
    scrollIntoView: true,
  })
  stepToField(view, 1)
}

/** A click on a field takes it whole, as Tab does. */
export const clickTakesField = EditorView.domEventHandlers({
  click(_event, view) {
    const { main } = view.state.selection
    if (!main.empty || view.compositionStarted) return false
    const field = fieldsOf(view.state.doc.toString()).find(
      ({ start, end }) => start < main.head && main.head < end,
    )
    if (field) selectField(view, field)
    return false
  },
})
