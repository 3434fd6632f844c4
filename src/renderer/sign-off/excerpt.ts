import type { ReportSection } from '../../shared/critical/index.ts'
import type { ReportText } from '../../shared/report/index.ts'

const stop = /[。！？；;!?\n]/
/** The number of a list item is not part of its sentence; that of 1.5 cm is. */
const itemNumber = /^\s*(\d+[.、)）](?!\d)\s*)?/

/** A part of a report's text. Offsets are UTF-16 code units of its section, `end` exclusive. */
export interface Passage {
  section: ReportSection
  start: number
  end: number
}

/** The sentence around a finding, at most `reach` characters to each side. */
export function excerpt(text: string, { start, end }: { start: number; end: number }, reach = 60) {
  let from = start
  while (from > 0 && start - from < reach && !stop.test(text[from - 1] ?? '')) from -= 1
  let to = end
  while (to < text.length && to - end < reach && !stop.test(text[to] ?? '')) to += 1
  return {
    before: text.slice(from, start).replace(itemNumber, ''),
    hit: text.slice(start, end),
    after: text.slice(end, to),
  }
}

/** The same as one string. */
export function sentenceOf(text: string, at: { start: number; end: number }): string {
  const { before, hit, after } = excerpt(text, at)
  return (before + hit + after).trim()
}

/** The sentences of a report, to choose from; section by section (findings, then impression), in order. */
export function sentencesOf(text: ReportText): Passage[] {
  return (['findings', 'impression'] as const).flatMap((section) =>
    [...text[section].matchAll(/[^。！？；;!?\n]+/g)].flatMap((match): Passage[] => {
      const lead = itemNumber.exec(match[0])?.[0].length ?? 0
      const words = match[0].slice(lead).trim()
      if (words === '') return []
      const start = match.index + lead
      return [{ section, start, end: start + words.length }]
    }),
  )
}
