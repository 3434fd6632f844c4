import { type CueFinder, compileCues, type Evidence } from './cue.ts'
import { ENGLISH_CUES, ENGLISH_STOPS } from './cues-en.ts'
import { CHINESE_CUES, CHINESE_STOPS } from './cues-zh.ts'
import { gradeFinding } from './grade.ts'
import { sideOf } from './laterality.ts'
import { findMeasurements, measure, type Peers } from './measurements.ts'
import type { CriticalLevel, Finding, Scope, TermDictionary } from './model.ts'
import {
  createNormaliser,
  decodeUnits,
  isChinese,
  isLetter,
  type Normalise,
  type Normalised,
} from './normalise.ts'
import { hasChinese, REACH, readSentence } from './reading.ts'
import { englishEvidence } from './scope-en.ts'
import { chineseEvidence } from './scope-zh.ts'
import { type Heading, splitSentences } from './sentences.ts'
import { createTermIndex, type Hit } from './terms.ts'

/** A compiled dictionary: build it once per published version, it takes some tens of milliseconds for 5,000 terms. Immutable. */
export type CriticalAnalyzer = {
  /** The version of the dictionary that it was compiled from. */
  readonly version: string
  /** The scopes of the entries that have one, by code. */
  readonly scopes: ReadonlyMap<string, Scope>
  /** The findings of one sentence, by offsets of that sentence. */
  analyseSentence(sentence: string, heading: Heading): Finding[]
  /** The analyser of another dictionary, made cheaply by sharing everything else. */
  withDictionary(dictionary: TermDictionary): CriticalAnalyzer
}

/** Said after a finding that was treated: something of it is still there. */
const REMAINS =
  /(?<![无未见没][^,;]{0,4})(?:残留|残余|再|复发)|仍|较前(?:明显)?(?:增|进展|加重|扩大)|residual|persist|remain|recur/u

type Language = { cues: CueFinder; stops: RegExp; separators: RegExp }

/** What does not depend on the dictionary. */
type Grammar = { normalise: Normalise; chinese: Language; english: Language }

/** Compiles a dictionary, valid by `CriticalDictionary`. Never throws for a valid one. */
export function compileDictionary(dictionary: TermDictionary): CriticalAnalyzer {
  return createAnalyzer(dictionary, {
    normalise: createNormaliser(),
    chinese: { cues: compileCues(CHINESE_CUES), stops: CHINESE_STOPS, separators: /[,;:()。!]/gu },
    english: { cues: compileCues(ENGLISH_CUES), stops: ENGLISH_STOPS, separators: /[;:()]/gu },
  })
}

function createAnalyzer(dictionary: TermDictionary, grammar: Grammar): CriticalAnalyzer {
  const index = createTermIndex(dictionary, grammar.normalise)
  return {
    version: dictionary.version,
    scopes: new Map(dictionary.entries.flatMap(({ code, scope }) => (scope ? [[code, scope]] : []))),
    analyseSentence: (sentence, heading) => {
      const normalised = grammar.normalise(sentence)
      const hits = index.find(normalised.units)
      return hits.length === 0 ? [] : gradeHits(sentence, normalised, heading, hits, grammar)
    },
    withDictionary: (other) => createAnalyzer(other, grammar),
  }
}

/**
 * All dictionary terms in a text, ordered by start, each graded from its sentence. UTF-16 offsets of the text as given.
 * Linear in the length of the text; never throws, whatever the text.
 */
export function analyseText(analyzer: CriticalAnalyzer, text: string): Finding[] {
  const findings: Finding[] = []
  for (const { start, end, heading } of splitSentences(text)) {
    for (const finding of analyzer.analyseSentence(text.slice(start, end), heading))
      findings.push(moved(finding, start))
  }
  return findings
}

/** The same finding `by` code units further on. */
export function moved(finding: Finding, by: number): Finding {
  return by === 0 ? finding : { ...finding, start: finding.start + by, end: finding.end + by }
}

function gradeHits(
  sentence: string,
  normalised: Normalised,
  heading: Heading,
  hits: readonly Hit[],
  { chinese, english }: Grammar,
): Finding[] {
  const text = decodeUnits(normalised.units)
  const isChineseSentence = hasChinese(text)
  const reading = readSentence(text, normalised.gaps, hits, isChineseSentence ? chinese : english)
  const peers = neighbours(hits)
  return hits.map((hit, i) => {
    const { compiled } = hit
    const measured = measure(reading, hit, peers[i]!, compiled)
    const evidence = isChineseSentence
      ? [...chineseEvidence(reading, hit), ...embeddedEnglish(text, hit, english)]
      : englishEvidence(reading, hit)
    const verdict = gradeFinding(evidence, heading, () => remains(text.slice(hit.end, hit.end + 60)))
    const isOpen = verdict.grade === 'positive' && measured.doubt !== 'none'
    const decisive = isOpen ? measured.measurement : verdict.cue
    const words = decisive === undefined ? '' : original(sentence, normalised, decisive)
    const start = normalised.origin[hit.start]!
    const end = normalised.origin[hit.end - 1]! + 1
    const side = sideOf(reading, hit)
    return {
      start,
      end,
      text: sentence.slice(start, end),
      term: compiled.term.text,
      type: compiled.code,
      level: verdict.raised ? raise(measured.level) : measured.level,
      grade: isOpen ? 'possible' : verdict.grade,
      because: verdict.byHeading ? heading.words : words,
      ...(side !== undefined && { side }),
    }
  })
}

/** Of a finding that was treated: the words after it say that something of it is left, or measure it. */
function remains(after: string): boolean {
  return REMAINS.test(after) || findMeasurements(after).length > 0
}

/** English cues around an English term in a Chinese sentence: 急诊CTPA：no PE，双肺未见实变. */
function embeddedEnglish(text: string, hit: Hit, english: Language): Evidence[] {
  if (!isLetter(text.charCodeAt(hit.start))) return []
  let start = hit.start
  let end = hit.end
  while (start > 0 && hit.start - start < REACH && !isChinese(text.charCodeAt(start - 1))) start--
  while (end < text.length && end - hit.end < REACH && !isChinese(text.charCodeAt(end))) end++
  const span = { start: hit.start - start, end: hit.end - start }
  const reading = readSentence(text.slice(start, end), [], [span], english)
  return englishEvidence(reading, span).map((evidence) => ({
    ...evidence,
    cue: { ...evidence.cue, start: evidence.cue.start + start, end: evidence.cue.end + start },
  }))
}

/** For each finding the end of the one before and the start of the one after of its type. */
function neighbours(hits: readonly Hit[]): Peers[] {
  const peers: Peers[] = []
  const last = new Map<string, number>()
  hits.forEach((hit, i) => {
    const before = last.get(hit.compiled.code)
    peers.push({
      previousEnd: before === undefined ? 0 : hits[before]!.end,
      nextStart: Number.POSITIVE_INFINITY,
    })
    if (before !== undefined) peers[before]!.nextStart = hit.start
    last.set(hit.compiled.code, i)
  })
  return peers
}

/** New or growing: one level more urgent. */
function raise(level: CriticalLevel): CriticalLevel {
  return level === 'yellow' ? 'orange' : 'red'
}

function original(sentence: string, { origin }: Normalised, span: { start: number; end: number }): string {
  return span.end <= span.start ? '' : sentence.slice(origin[span.start]!, origin[span.end - 1]! + 1).trim()
}
