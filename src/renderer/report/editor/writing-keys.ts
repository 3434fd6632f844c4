import { Prec } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import type { Expansion } from '../phrases/expansion.ts'
import { stepToField } from './field-steps.ts'

interface WritingKeys {
  /** The phrase that the text before the cursor ends with; `typing` while its `;abbr` is being typed. */
  expansion(before: string, typing: boolean): Expansion | null
  /** Tab beyond the last field of this section; true where another section took it. */
  onBeyond(direction: 1 | -1): boolean
}

/** As much of the text as an abbreviation can be. */
const reach = 24

function expand(view: EditorView, expansion: Expansion, to: number): void {
  const line = Math.max(0, to - reach)
  const from = line + expansion.from
  view.dispatch({
    changes: { from, to, insert: expansion.insert },
    selection: { anchor: from + expansion.cursor },
    userEvent: 'input.complete',
    scrollIntoView: true,
  })
}

/**
 * Tab: expands an abbreviation, else goes to the next field of a template, else leaves the section as everywhere. Never while an input
 * method composes: then Tab is its own.
 */
export function writingKeys({ expansion, onBeyond }: WritingKeys) {
  const before = (view: EditorView, to: number) => view.state.doc.sliceString(Math.max(0, to - reach), to)
  return [
    Prec.high(
      keymap.of([
        {
          key: 'Tab',
          run: (view) => {
            if (view.compositionStarted) return false
            const { main } = view.state.selection
            const found = main.empty ? expansion(before(view, main.head), false) : null
            if (!found) return stepToField(view, 1) || onBeyond(1)
            expand(view, found, main.head)
            return true
          },
          shift: (view) => !view.compositionStarted && (stepToField(view, -1) || onBeyond(-1)),
        },
      ]),
    ),
    EditorView.inputHandler.of((view, from, to, text) => {
      if (view.compositionStarted || view.composing || from !== to || !/^[A-Za-z0-9]$/.test(text))
        return false
      const at = Math.max(0, from - reach)
      const found = expansion(view.state.doc.sliceString(at, from) + text, true)
      if (!found) return false
      view.dispatch({
        changes: { from: at + found.from, to, insert: found.insert },
        selection: { anchor: at + found.from + found.cursor },
        userEvent: 'input.complete',
        scrollIntoView: true,
      })
      return true
    }),
  ]
}
