import { StateEffect } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view'
import { fieldsOf } from '../../../shared/report/consistency/index.ts'

const resume = StateEffect.define<null>()

/**
 * Marks the fields of a template that are not filled in. As with critical terms, the marks only move along while an input method
 * composes: a field may be what it composes over.
 */
export const fieldMarks = ViewPlugin.define(
  (view) => {
    let decorations = marks(view)
    let behind = false
    return {
      decorations: () => decorations,
      update: (update: ViewUpdate) => {
        if (update.docChanged) {
          decorations = decorations.map(update.changes)
          behind = true
        }
        if (!behind || update.view.compositionStarted) return
        behind = false
        decorations = marks(update.view)
      },
      compositionEnded: (ended: EditorView) => {
        setTimeout(() => {
          if (behind && !ended.compositionStarted && ended.dom.isConnected)
            ended.dispatch({ effects: resume.of(null) })
        })
      },
    }
  },
  {
    decorations: (plugin) => plugin.decorations(),
    eventObservers: {
      compositionend(_event, view) {
        this.compositionEnded(view)
      },
    },
  },
)

const field = Decoration.mark({ class: 'template-field' })

function marks(view: EditorView): DecorationSet {
  return Decoration.set(fieldsOf(view.state.doc.toString()).map(({ start, end }) => field.range(start, end)))
}
