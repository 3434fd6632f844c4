import type { Cue, CueFinder } from './cue.ts'
import { isChinese } from './normalise.ts'

/** A half-open range of the normalised sentence. */
export type Span = { start: number; end: number }

/** A sentence read once for all its findings: text, clauses, cues and places where a new statement begins. */
export type Reading = {
  text: string
  /** Ordered by start. */
  hits: readonly Span[]
  /** Clauses without their separators, in order, covering the sentence. */
  clauses: readonly Span[]
  /** Cues that lie wholly within a range, ordered by start. */
  cuesWithin(start: number, end: number): Cue[]
  stopsBetween(start: number, end: number): boolean
  hitsWithin(start: number, end: number): Span[]
  /** Index of the clause in which an offset lies. */
  clauseAt(offset: number): number
}

/** Beyond this distance (code units) a cue does not reach: it bounds the work per finding, so that no text costs more than linear time. */
export const REACH = 400

/** Reads a normalised sentence with one language's cues. */
export function readSentence(
  text: string,
  gaps: readonly number[],
  hits: readonly Span[],
  language: { cues: CueFinder; stops: RegExp; separators: RegExp },
): Reading {
  const cues = language.cues(text)
  const stops = spansOf(text, language.stops).filter((stop) => !isInside(stop, cues))
  const clauses = splitClauses(text, gaps, cues, language.separators)
  return {
    text,
    hits,
    clauses,
    cuesWithin: (start, end) => within(cues, start, end),
    stopsBetween: (start, end) => within(stops, start, end).length > 0,
    hitsWithin: (start, end) => within(hits, start, end),
    clauseAt: (offset) => Math.max(0, firstFrom(clauses, offset + 1) - 1),
  }
}

/** True where a range holds a Chinese character: its grammar is Chinese. */
export function hasChinese(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (isChinese(text.charCodeAt(i))) return true
  return false
}

/** Where a global pattern matches between two offsets. Not by `matchAll`, which costs several times as much. */
export function spansOf(text: string, pattern: RegExp, start = 0, end = text.length): Span[] {
  const spans: Span[] = []
  pattern.lastIndex = start
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const span = { start: match.index, end: match.index + match[0].length }
    if (span.end > end) break
    spans.push(span)
  }
  return spans
}

function within<T extends Span>(spans: readonly T[], start: number, end: number): T[] {
  const found: T[] = []
  for (let i = firstFrom(spans, start); i < spans.length && spans[i]!.start < end; i++) {
    if (spans[i]!.end <= end) found.push(spans[i]!)
  }
  return found
}

/** Index of the first span that starts at `offset` or after it. */
function firstFrom(spans: readonly Span[], offset: number): number {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (spans[middle]!.start < offset) low = middle + 1
    else high = middle
  }
  return low
}

/** True where a span touches a cue: cues do not overlap each other, so only the neighbours can. */
function isInside(span: Span, cues: readonly Cue[]): boolean {
  const next = firstFrom(cues, span.end)
  return (cues[next - 1]?.end ?? 0) > span.start
}

function splitClauses(
  text: string,
  gaps: readonly number[],
  cues: readonly Cue[],
  separators: RegExp,
): Span[] {
  const cuts: Span[] = gaps.map((gap) => ({ start: gap, end: gap }))
  for (const cut of spansOf(text, separators)) if (!isInside(cut, cues)) cuts.push(cut)
  if (gaps.length > 0) cuts.sort((a, b) => a.start - b.start)
  const clauses: Span[] = []
  let start = 0
  for (const cut of cuts) {
    clauses.push({ start, end: cut.start })
    start = cut.end
  }
  clauses.push({ start, end: text.length })
  return clauses
}
