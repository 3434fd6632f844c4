import { RangeSetBuilder, StateEffect } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view'
import type { Finding } from '../../../shared/critical/index.ts'

/** The findings of a text, each time of all of it. */
export type Analyse = (text: string) => readonly Finding[]

/** Gives the editor its analyser, or takes it away (null); the text is analysed anew. */
export const setAnalyser = StateEffect.define<Analyse | null>()

/** Asks for the analysis that a composition has put off. */
const resume = StateEffect.define<null>()

/**
 * Marks critical terms as one types. While an input method composes, the marks only move along with the text: changing
 * the page's nodes under a composition would break it off. The analysis follows as soon as the composition is over.
 * `report` is told of the findings after each analysis.
 */
export function criticalHighlight(report: (findings: readonly Finding[]) => void) {
  return ViewPlugin.define(() => createHighlight(report), {
    decorations: (highlight) => highlight.decorations(),
    eventObservers: {
      compositionend(_event, view) {
        this.compositionEnded(view)
      },
    },
  })
}

function createHighlight(report: (findings: readonly Finding[]) => void) {
  let decorations: DecorationSet = Decoration.none
  let analyse: Analyse | null = null
  let behind = false

  return {
    decorations: () => decorations,
    update: (update: ViewUpdate) => {
      for (const effect of update.transactions.flatMap((transaction) => transaction.effects)) {
        if (!effect.is(setAnalyser)) continue
        analyse = effect.value
        behind = true
      }
      if (update.docChanged) {
        decorations = decorations.map(update.changes)
        behind = true
      }
      if (!behind || update.view.compositionStarted) return
      behind = false
      const text = update.state.doc.toString()
      const findings = analyse?.(text) ?? []
      decorations = marks(findings, text.length)
      report(findings)
    },
    /** The editor itself learns of a composition's end a little later than the page. */
    compositionEnded: (view: EditorView) => {
      setTimeout(() => {
        if (behind && !view.compositionStarted && view.dom.isConnected) {
          view.dispatch({ effects: resume.of(null) })
        }
      })
    },
  }
}

/** One mark for each finding, by grade; of findings at one place, the first. */
function marks(findings: readonly Finding[], length: number): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  let drawn = 0
  for (const { start, end, grade, type, outOfScope } of findings) {
    if (start < drawn || end > length || start >= end) continue
    drawn = end
    builder.add(start, end, markOf(grade, type, outOfScope ?? false))
  }
  return builder.finish()
}

function markOf(grade: Finding['grade'], type: string, outOfScope: boolean): Decoration {
  return Decoration.mark({
    class: `critical critical-${grade}${outOfScope ? ' critical-out' : ''}`,
    attributes: { 'data-grade': grade, 'data-type': type },
  })
}
