import type { CriticalLevel, Threshold } from './model.ts'
import { REACH, type Reading, type Span } from './reading.ts'
import type { CompiledTerm } from './terms.ts'

/** A measurement found in a sentence; offsets of the normalised text. */
export type Measurement = { start: number; end: number; value: number; unit: Threshold['unit'] }

const NUMBER = '\\d{1,5}(?:\\.\\d{1,4})?'
const QUANTITY = new RegExp(
  `(${NUMBER}(?: ?(?:x|\\*|~|-|至|到|to) ?(?:(?:mm|cm|ml|毫升|厘米|毫米|%) ?)?${NUMBER}){0,3}) ?(mm|cm|ml|cc|%|毫米|厘米|公分|毫升|cm3|ml左右|percent)(?![a-z])|百分之(\\d{1,3})`,
  'gu',
)
const UNITS: Record<string, { unit: Threshold['unit']; factor: number }> = {
  mm: { unit: 'mm', factor: 1 },
  毫米: { unit: 'mm', factor: 1 },
  cm: { unit: 'mm', factor: 10 },
  厘米: { unit: 'mm', factor: 10 },
  公分: { unit: 'mm', factor: 10 },
  ml: { unit: 'ml', factor: 1 },
  cc: { unit: 'ml', factor: 1 },
  毫升: { unit: 'ml', factor: 1 },
  cm3: { unit: 'ml', factor: 1 },
  '%': { unit: 'percent', factor: 1 },
  percent: { unit: 'percent', factor: 1 },
}

/** All measurements of a text. Of a range or of several diameters the largest counts: a threshold is rather reached than missed. */
export function findMeasurements(text: string): Measurement[] {
  const found: Measurement[] = []
  for (const match of text.matchAll(QUANTITY)) {
    const unit = UNITS[match[2] ?? '%']
    if (unit === undefined) continue
    const numbers = (match[1] ?? match[3] ?? '').match(/\d+(?:\.\d+)?/gu) ?? []
    const value = Math.max(...numbers.map(Number)) * unit.factor
    found.push({ start: match.index, end: match.index + match[0].length, value, unit: unit.unit })
  }
  return found
}

/** Where the neighbouring findings of the same type stand: a measurement beyond them is theirs. */
export type Peers = { previousEnd: number; nextStart: number }

/** What the measurements say of a term: its level, and whether a required threshold is unproven or not reached. */
export type Measured = {
  level: CriticalLevel
  doubt: 'none' | 'unmeasured' | 'below'
  measurement: Measurement | undefined
}

/**
 * Applies a term's thresholds. A measurement is the finding's when it follows it, before the next finding of its type, or else precedes
 * it in the sentence, and one of the threshold's `measures` stands close by.
 */
export function measure(reading: Reading, hit: Span, peers: Peers, compiled: CompiledTerm): Measured {
  const { requires, measuredLevels } = compiled
  if (requires === undefined && measuredLevels.length === 0)
    return { level: compiled.level, doubt: 'none', measurement: undefined }
  const around = reading.text.slice(Math.max(0, hit.start - REACH), hit.end + REACH)
  const find = (threshold: Threshold) => measurementOf(reading, hit, peers, threshold)
  for (const rule of measuredLevels) {
    if (rule.where !== undefined && !rule.where.some((word) => around.includes(word))) continue
    const measurement = find(rule.threshold)
    if (measurement === undefined) continue
    const level = measurement.value >= rule.threshold.atLeast ? rule.reached : rule.below
    return { level, doubt: 'none', measurement }
  }
  if (requires === undefined) return { level: compiled.level, doubt: 'none', measurement: undefined }
  const measurement = find(requires)
  if (measurement === undefined) return { level: compiled.level, doubt: 'unmeasured', measurement }
  if (measurement.value >= requires.atLeast) return { level: compiled.level, doubt: 'none', measurement }
  return { level: 'yellow', doubt: 'below', measurement }
}

function measurementOf(
  reading: Reading,
  hit: Span,
  peers: Peers,
  threshold: Threshold,
): Measurement | undefined {
  const from = Math.max(0, hit.start - REACH, peers.previousEnd)
  const end = Math.min(reading.text.length, hit.end + REACH, peers.nextStart)
  const words = threshold.measures
  const pick = (from: number, to: number) => {
    const candidates = findMeasurements(reading.text.slice(from, to))
      .map((m) => ({ ...m, start: m.start + from, end: m.end + from }))
      .filter((m) => m.unit === threshold.unit && isAbout(reading.text, m, words, from))
    return candidates.reduce<Measurement | undefined>(
      (a, b) => (a === undefined || b.value > a.value ? b : a),
      undefined,
    )
  }
  return pick(hit.start, end) ?? pick(from, hit.end)
}

/** One of the words stands within the clause before the number, or (English) right after it: "12 mm midline shift". */
function isAbout(text: string, m: Measurement, words: readonly string[], from: number): boolean {
  const before =
    text
      .slice(Math.max(from, m.start - 24), m.start)
      .split(/[,;:]/u)
      .pop() ?? ''
  const after = text.slice(m.end, m.end + 24).split(/[,;:]/u)[0] ?? ''
  return words.some((word) => before.includes(word) || after.includes(word))
}
