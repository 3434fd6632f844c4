import { z } from 'zod'
import { analyseText, type CriticalAnalyzer } from './analyse.ts'
import { Finding } from './model.ts'

/** One line of `vigil critical scan --jsonl`. With `terms` these are looked for instead of the dictionary's. */
export const ScanLine = z.object({
  id: z.union([z.string().max(200), z.number()]),
  text: z.string().max(1_000_000),
  terms: z.array(z.string().min(1).max(2_000)).max(5_000).optional(),
})
export type ScanLine = z.infer<typeof ScanLine>

/** One line of its answer. Offsets are UTF-16 code units of `text`, `end` exclusive. */
export const ScanResult = z.object({
  id: ScanLine.shape.id,
  findings: z.array(Finding.omit({ level: true })),
})
export type ScanResult = z.infer<typeof ScanResult>

/** Scans one parsed line. Each of a line's own `terms` is a type of its own, named by its text. */
export function scanLine(line: ScanLine, analyzer: CriticalAnalyzer): ScanResult {
  const own = line.terms === undefined ? analyzer : analyzer.withDictionary(dictionaryOf(line.terms))
  const findings = analyseText(own, line.text).map(
    ({ start, end, text, term, type, grade, because, side }) => ({
      start,
      end,
      text,
      term,
      type: line.terms === undefined ? type : term,
      grade,
      because,
      ...(side !== undefined && { side }),
    }),
  )
  return { id: line.id, findings }
}

function dictionaryOf(terms: readonly string[]) {
  return {
    version: 'line',
    entries: terms.map((text, i) => ({
      code: `TERM_${i}`,
      nameZh: text,
      nameEn: text,
      level: 'red' as const,
      terms: [{ text, language: /[a-z]/i.test(text) ? ('en' as const) : ('zh' as const) }],
    })),
  }
}
