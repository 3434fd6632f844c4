import { type EditorState, Prec, StateEffect, StateField } from '@codemirror/state'
import { type EditorView, keymap, showTooltip, ViewPlugin } from '@codemirror/view'
import type { Field } from '../../../shared/report/consistency/index.ts'
import { fillField, selectedField } from './field-steps.ts'

interface Open {
  field: Field
  /** The option that Enter takes. */
  at: number
}

const move = StateEffect.define<number>()
const shut = StateEffect.define<null>()

const openList = StateField.define<Open | null>({
  create: () => null,
  update: (open, transaction) => {
    if (transaction.effects.some((effect) => effect.is(shut))) return null
    const moved = transaction.effects.findLast((effect) => effect.is(move))
    if (moved && open) return { ...open, at: moved.value }
    if (!transaction.docChanged && !transaction.selection) return open
    const field = selectedField(transaction.state)
    if (!field || field.options.length === 0) return null
    return open?.field.start === field.start && open.field.name === field.name ? open : { field, at: 0 }
  },
  provide: (field) =>
    showTooltip.from(field, (open) =>
      open === null
        ? null
        : {
            pos: open.field.start,
            above: false,
            create: (view) => ({ dom: list(view, open) }),
          },
    ),
})

/** Where options begin with figures of their own (PI-RADS 4), a figure means the option and not its place. */
function namedByFigure(options: readonly string[]): boolean {
  return options.some((option) => /^\d/.test(option))
}

/** What a figure means: the option to take, or where several begin with it the one to move to; null for none. */
export function pickByFigure(
  options: readonly string[],
  at: number,
  figure: string,
): { take: number } | { moveTo: number } | null {
  if (!namedByFigure(options)) {
    const index = Number(figure) - 1
    return index >= 0 && index < options.length ? { take: index } : null
  }
  const fit = options.flatMap((option, index) => (option.startsWith(figure) ? [index] : []))
  const [first, ...others] = fit
  if (first === undefined) return null
  if (others.length === 0) return { take: first }
  return { moveTo: fit.find((index) => index > at) ?? first }
}

function take(view: EditorView, { field }: Open, index: number): boolean {
  const words = field.options[index]
  if (words === undefined) return false
  fillField(view, field, words)
  view.focus()
  return true
}

function stepIn(direction: 1 | -1) {
  return (view: EditorView): boolean => {
    const open = view.state.field(openList)
    if (!open || view.compositionStarted) return false
    const count = open.field.options.length
    view.dispatch({ effects: move.of((open.at + direction + count) % count) })
    return true
  }
}

const keys = Prec.highest(
  keymap.of([
    { key: 'ArrowDown', run: stepIn(1) },
    { key: 'ArrowUp', run: stepIn(-1) },
    {
      key: 'Enter',
      run: (view) => {
        const open = view.state.field(openList)
        return open !== null && !view.compositionStarted && take(view, open, open.at)
      },
    },
    {
      key: 'Escape',
      run: (view) => {
        if (view.state.field(openList) === null) return false
        view.dispatch({ effects: shut.of(null) })
        return true
      },
    },
    ...[...'0123456789'].map((figure) => ({
      key: figure,
      run: (view: EditorView) => {
        const open = view.state.field(openList)
        if (!open || view.compositionStarted) return false
        const picked = pickByFigure(open.field.options, open.at, figure)
        if (picked === null) return false
        if ('take' in picked) return take(view, open, picked.take)
        view.dispatch({ effects: move.of(picked.moveTo) })
        return true
      },
    })),
  ]),
)

/** It goes with the focus. */
const leaves = ViewPlugin.define((view) => ({ view }), {
  eventObservers: {
    blur(_event, view) {
      if (openOf(view.state))
        setTimeout(() => view.dom.isConnected && view.dispatch({ effects: shut.of(null) }))
    },
  },
})

function openOf(state: EditorState): Open | null {
  return state.field(openList, false) ?? null
}

/** The options of the field that is selected, in place: by figure, by arrows and Enter, or by the mouse. */
export function pickList() {
  return [openList, keys, leaves]
}

function list(view: EditorView, { field, at }: Open): HTMLElement {
  const dom = document.createElement('ul')
  dom.className = 'pick-list'
  dom.dataset.testid = 'pick-list'
  dom.setAttribute('role', 'listbox')
  dom.setAttribute('aria-label', field.name)
  const byFigure = namedByFigure(field.options)
  for (const [index, option] of field.options.entries()) {
    const item = document.createElement('li')
    item.setAttribute('role', 'option')
    item.setAttribute('aria-selected', String(index === at))
    if (!byFigure && index < 9) {
      const number = document.createElement('kbd')
      number.textContent = String(index + 1)
      item.append(number)
    }
    item.append(option)
    item.addEventListener('mousedown', (event) => {
      // The editor keeps the focus.
      event.preventDefault()
      const open = openOf(view.state)
      if (open) take(view, open, index)
    })
    dom.append(item)
  }
  return dom
}
