import { defaultKeymap, historyKeymap } from '@codemirror/commands'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef, useState } from 'react'
import {
  type CriticalAnalyzer,
  createIncrementalAnalyser,
  type ExamContext,
  type Finding,
  withScope,
} from '../../../shared/critical/index.ts'
import { withoutFields } from '../../../shared/report/consistency/index.ts'
import { usePage } from '../../app/page.ts'
import { useClock } from '../../bridge/index.ts'
import type { Expansion } from '../phrases/expansion.ts'
import { criticalHighlight, setAnalyser } from './critical-highlight.ts'
import { criticalHover, type FindingWords } from './critical-hover.ts'
import { fieldMarks } from './field-marks.ts'
import { clickTakesField, fieldBeside, selectField } from './field-steps.ts'
import { pickList } from './pick-list.ts'
import { settledText } from './settled-text.ts'
import { wordHistory } from './word-history.ts'
import { writingKeys } from './writing-keys.ts'

export interface SectionEditorHandle {
  /** The text this moment, also in the middle of a composition. */
  text(): string
  focus(): void
  /** Selects a range and scrolls to it. */
  jump(start: number, end: number): void
  /** At the cursor, in the place of what is selected; undone as one step. */
  insert(text: string): void
  /** In the place of the whole text. */
  replace(text: string): void
  /** To the first field of a template, or the last; false where there is none. */
  enterField(direction: 1 | -1): boolean
}

interface SectionEditorProps {
  ref: Ref<SectionEditorHandle>
  /** Taken at mount; from then on the editor holds the text. */
  initial: string
  label: string
  hint: string
  analyser: CriticalAnalyzer | null
  /** By which scopes are judged; null while it is not known, when nothing is out of scope. */
  exam: ExamContext | null
  words: (finding: Finding) => FindingWords
  onText: (text: string) => void
  /** The focus has left; `onText` has been told of everything before. */
  onLeave: () => void
  onFindings: (findings: readonly Finding[]) => void
  onFocus: () => void
  /** The phrase that the text before the cursor ends with. */
  expansion: (before: string, typing: boolean) => Expansion | null
  /** Tab beyond the last field; true where another section took it. */
  onBeyond: (direction: 1 | -1) => boolean
  testId: string
}

/** One section of the report in CodeMirror 6. Tab leaves it where it has nothing else to do, so that the whole flow works by keyboard. */
export function SectionEditor(props: SectionEditorProps) {
  const { initial, label, hint, analyser, exam, testId } = props
  const host = useRef<HTMLDivElement>(null)
  const [editor, setEditor] = useState<EditorView | null>(null)
  const { nonce } = usePage()
  const clock = useClock()
  const onText = useEffectEvent(props.onText)
  const onLeave = useEffectEvent(props.onLeave)
  const onFindings = useEffectEvent(props.onFindings)
  const words = useEffectEvent(props.words)
  const onFocus = useEffectEvent(props.onFocus)
  const expansion = useEffectEvent(props.expansion)
  const onBeyond = useEffectEvent(props.onBeyond)
  const held = useRef(initial)

  useEffect(() => {
    let findings: readonly Finding[] = []
    const view = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: held.current,
        // Who comes back to a text goes on at its end.
        selection: { anchor: held.current.length },
        extensions: [
          EditorView.cspNonce.of(nonce),
          wordHistory(),
          pickList(),
          writingKeys({
            expansion: (before, typing) => expansion(before, typing),
            onBeyond: (direction) => onBeyond(direction),
          }),
          keymap.of([...historyKeymap, ...defaultKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            'aria-label': label,
            'aria-multiline': 'true',
            spellcheck: 'false',
            'data-testid': testId,
          }),
          placeholder(hint),
          settledText(clock, (text) => onText(text)),
          fieldMarks,
          clickTakesField,
          EditorView.domEventHandlers({
            focus: () => onFocus(),
            blur: () => void setTimeout(() => onLeave()),
          }),
          criticalHighlight((found) => {
            findings = found
            onFindings(found)
          }),
          criticalHover(
            () => findings,
            (finding) => words(finding),
          ),
        ],
      }),
    })
    setEditor(view)
    return () => {
      // A change of language makes the editor anew; what was written goes on.
      held.current = view.state.doc.toString()
      setEditor(null)
      view.destroy()
    }
  }, [nonce, clock, label, hint, testId])

  useEffect(() => {
    if (!editor) return
    const findingsOf = analyser && createIncrementalAnalyser(analyser)
    // What a field of a template proposes is not said yet, and holds the report back by itself.
    const analyse =
      analyser && findingsOf && ((text: string) => withScope(analyser, findingsOf(withoutFields(text)), exam))
    editor.dispatch({ effects: setAnalyser.of(analyse) })
  }, [editor, analyser, exam])

  useImperativeHandle(props.ref, () => ({
    text: () => editor?.state.doc.toString() ?? held.current,
    focus: () => editor?.focus(),
    jump: (start, end) => {
      if (!editor || end > editor.state.doc.length) return
      editor.dispatch({
        selection: { anchor: start, head: end },
        effects: EditorView.scrollIntoView(start, { y: 'center' }),
      })
      editor.focus()
    },
    insert: (text) => {
      if (!editor) return
      editor.dispatch({
        ...editor.state.replaceSelection(text),
        userEvent: 'input.paste',
        scrollIntoView: true,
      })
    },
    replace: (text) =>
      editor?.dispatch({
        changes: { from: 0, to: editor.state.doc.length, insert: text },
        selection: { anchor: text.length },
        userEvent: 'input.paste',
      }),
    enterField: (direction) => {
      if (!editor) return false
      const end = direction > 0 ? 0 : editor.state.doc.length
      const whole = editor.state.update({ selection: { anchor: end } }).state
      const field = fieldBeside(whole, direction)
      if (!field) return false
      selectField(editor, field)
      editor.focus()
      return true
    },
  }))

  return <div className="section-editor" ref={host} />
}
