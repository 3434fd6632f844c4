import { undo } from '@codemirror/commands'
import { EditorState, type Transaction } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { wordHistory } from '../../../../src/renderer/report/editor/word-history.ts'

/** Types each text at the end, as its own input; `<` takes the last character away. */
function undone(inputs: readonly string[]): string[] {
  let state = EditorState.create({ extensions: [wordHistory()] })
  const run = (transaction: Transaction) => {
    state = transaction.state
  }
  for (const text of inputs) {
    const end = state.doc.length
    run(
      text === '<'
        ? state.update({ changes: { from: end - 1, to: end }, userEvent: 'delete.backward' })
        : state.update({ changes: { from: end, insert: text }, userEvent: 'input.type' }),
    )
  }
  const steps: string[] = []
  while (undo({ state, dispatch: run })) steps.push(state.doc.toString())
  return steps
}

describe('undo by words', () => {
  it('takes a word of Latin or figures, with the space after it', () => {
    expect(undone([...'mild change'])).toEqual(['mild ', ''])
    expect(undone([...'约12.5mm'])).toEqual(['约', ''])
  })

  it('takes what came in at once as one, and no more', () => {
    expect(undone(['左侧', '大量气胸', '。'])).toEqual(['左侧大量气胸', '左侧', ''])
    expect(undone(['气胸', ...' mild'])).toEqual(['气胸', ''])
  })

  it('takes a run of deletion as one, apart from what was written', () => {
    expect(undone([...'abc', '<', '<', ...'de'])).toEqual(['a', 'abc', ''])
  })
})
