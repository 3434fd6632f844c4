import {
  analyseText,
  type CriticalAnalyzer,
  compileDictionary,
  type DictionaryEntry,
  type Finding,
} from '../../../shared/critical/index.ts'

/** To the worker: a dictionary to compile, then texts to look at. From it: the findings of the text with that number. */
export type Question =
  | { kind: 'dictionary'; entries: readonly DictionaryEntry[] }
  | { kind: 'text'; id: number; text: string }
export interface Answer {
  id: number
  findings: Finding[]
}

// Compiling some thousands of terms takes tens of milliseconds: here they hold up nobody's typing.
let analyser: CriticalAnalyzer | null = null
let last: Extract<Question, { kind: 'text' }> | null = null

function answer(): void {
  if (!analyser || !last) return
  const { id, text } = last
  postMessage({ id, findings: analyseText(analyser, text) } satisfies Answer)
}

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  if (data.kind === 'text') last = data
  else {
    const dictionary = { version: 'draft', entries: [...data.entries] }
    analyser = analyser ? analyser.withDictionary(dictionary) : compileDictionary(dictionary)
  }
  answer()
})
