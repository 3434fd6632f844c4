import { ViewPlugin } from '@codemirror/view'

/** A composition that lasts longer than this is taken as it stands, so that dictated or long compositions are saved too. */
const longCompositionMs = 1_500

/**
 * Tells of the text whenever it has changed and no composition is going on: half a word in Pinyin is not text yet.
 * `now` is a clock in ms.
 */
export function settledText(now: () => number, tell: (text: string) => void) {
  return ViewPlugin.define(
    (view) => {
      let told = view.state.doc
      let composingSince: number | null = null
      const settle = () => {
        if (view.state.doc === told) return
        told = view.state.doc
        tell(told.toString())
      }
      return {
        update: (update) => {
          if (!update.docChanged) return
          if (!update.view.compositionStarted) {
            composingSince = null
            settle()
            return
          }
          composingSince ??= now()
          if (now() - composingSince >= longCompositionMs) settle()
        },
        ended: () => {
          composingSince = null
          setTimeout(settle)
        },
      }
    },
    {
      eventObservers: {
        compositionend() {
          this.ended()
        },
        blur() {
          this.ended()
        },
      },
    },
  )
}
