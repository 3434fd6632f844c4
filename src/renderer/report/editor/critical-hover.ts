import { StateEffect, StateField } from '@codemirror/state'
import { showTooltip, ViewPlugin } from '@codemirror/view'
import type { Finding } from '../../../shared/critical/index.ts'

/** A finding in the user's words: a heading, and name and value of each fact. */
export interface FindingWords {
  heading: string
  facts: readonly (readonly [name: string, value: string])[]
}

const restMs = 250

/**
 * Tells, where the mouse rests on a marked term, what it was taken for and why. (CodeMirror's own hoverTooltip measures by
 * the width of a Latin letter and so does not see the middle of a full-width one.)
 */
export function criticalHover(findings: () => readonly Finding[], words: (finding: Finding) => FindingWords) {
  const show = StateEffect.define<Finding | null>()
  const shown = StateField.define<Finding | null>({
    create: () => null,
    update: (finding, transaction) => {
      const told = transaction.effects.findLast((effect) => effect.is(show))
      if (told) return told.value
      return transaction.docChanged ? null : finding
    },
    provide: (field) =>
      showTooltip.from(field, (finding) =>
        finding === null
          ? null
          : {
              pos: finding.start,
              end: finding.end,
              above: true,
              create: () => ({ dom: tooltip(words(finding), finding.grade) }),
            },
      ),
  })
  const watch = ViewPlugin.define(
    (view) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const under = (target: EventTarget | null): Finding | null => {
        const mark = target instanceof Element ? target.closest('.critical') : null
        if (!mark || !view.contentDOM.contains(mark)) return null
        const position = view.posAtDOM(mark)
        return findings().find(({ start, end }) => start <= position && position < end) ?? null
      }
      return {
        follow: (target: EventTarget | null) => {
          clearTimeout(timer)
          if (view.state.field(shown) !== null && under(target) !== view.state.field(shown)) {
            view.dispatch({ effects: show.of(null) })
          }
          timer = setTimeout(() => {
            const finding = under(target)
            if (finding && finding !== view.state.field(shown)) view.dispatch({ effects: show.of(finding) })
          }, restMs)
        },
        destroy: () => clearTimeout(timer),
      }
    },
    {
      eventObservers: {
        mousemove(event) {
          this.follow(event.target)
        },
        mouseleave() {
          this.follow(null)
        },
      },
    },
  )
  return [shown, watch]
}

function tooltip({ heading, facts }: FindingWords, grade: string): HTMLElement {
  const dom = document.createElement('div')
  dom.className = `critical-tip critical-tip-${grade}`
  dom.dataset.testid = 'critical-tip'
  const title = document.createElement('strong')
  title.textContent = heading
  const list = document.createElement('dl')
  for (const [name, value] of facts) {
    const term = document.createElement('dt')
    term.textContent = name
    const description = document.createElement('dd')
    description.textContent = value
    list.append(term, description)
  }
  dom.append(title, list)
  return dom
}
