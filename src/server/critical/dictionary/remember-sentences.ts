import type { CriticalAnalyzer } from '../../../shared/critical/index.ts'

/** Sentences kept; a clinic's usual ones are far fewer. */
const mostSentences = 20_000

/**
 * The same analyser, for going through many reports: radiologists write the same sentences day after day, and a sentence's
 * findings depend on nothing but its own words and its heading. Findings are shared, and must not be changed.
 */
export function rememberSentences(analyzer: CriticalAnalyzer): CriticalAnalyzer {
  const known = new Map<string, ReturnType<CriticalAnalyzer['analyseSentence']>>()
  return {
    ...analyzer,
    analyseSentence(sentence, heading) {
      const key = `${heading.over} ${heading.words}\n${sentence}`
      const before = known.get(key)
      if (before) return before
      const found = analyzer.analyseSentence(sentence, heading)
      if (known.size >= mostSentences) known.clear()
      known.set(key, found)
      return found
    },
  }
}
