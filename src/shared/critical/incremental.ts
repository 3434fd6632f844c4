import { type CriticalAnalyzer, moved } from './analyse.ts'
import type { Finding } from './model.ts'
import { splitSentences } from './sentences.ts'

/** Analyses a text that changes little between calls. The result always equals `analyseText` of the same text. */
export type IncrementalAnalyser = (text: string) => Finding[]

/**
 * Remembers the findings of each sentence of the last text, so that a keystroke analyses only the sentence it touches. A sentence's
 * findings depend on nothing but its own words and its heading, which together are the key: no invalidation is needed.
 * Holds one text's sentences at most.
 */
export function createIncrementalAnalyser(analyzer: CriticalAnalyzer): IncrementalAnalyser {
  let known = new Map<string, Finding[]>()
  return (text) => {
    const seen = new Map<string, Finding[]>()
    const findings: Finding[] = []
    for (const { start, end, heading } of splitSentences(text)) {
      const sentence = text.slice(start, end)
      const key = heading.over === 'nothing' ? sentence : `${heading.over} ${heading.words}\n${sentence}`
      const found = known.get(key) ?? analyzer.analyseSentence(sentence, heading)
      seen.set(key, found)
      for (const finding of found) findings.push(moved(finding, start))
    }
    known = seen
    return findings
  }
}
