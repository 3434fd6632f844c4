import type { CriticalLevel, MeasuredLevel, Threshold } from '../critical/model.ts'

/**
 * How lists and thresholds stand in one cell of the table form, so that a person can write them in a spreadsheet:
 *
 *     CT; MR
 *     中线|midline ≥ 10 mm
 *     出血量 ≥ 10 ml → 红/橙 @ 小脑|脑干; 出血量 ≥ 30 ml → 红/橙
 *
 * A backslash before a character takes its meaning away; `;` may be `；`, `≥` may be `>=`, `→` may be `->`.
 */

export type Language = 'zh-CN' | 'en'

/** A value and how it is written in either language; what is written is read in both, and by the value itself. */
export type Words<Value extends string> = Record<Value, Record<Language, string>>

export const levelWords: Words<CriticalLevel> = {
  red: { 'zh-CN': '红', en: 'red' },
  orange: { 'zh-CN': '橙', en: 'orange' },
  yellow: { 'zh-CN': '黄', en: 'yellow' },
}

const units: Record<Threshold['unit'], string> = { mm: 'mm', ml: 'ml', percent: '%' }

/** What cannot be read of a cell. */
export class CellError extends Error {}

export function writeList(items: readonly string[] | undefined): string {
  return (items ?? []).map(escaped).join('; ')
}

/** Undefined for an empty cell. */
export function readList(cell: string): string[] | undefined {
  const items = split(unitsOf(cell), ';').map(textOf).filter(Boolean)
  return items.length > 0 ? items : undefined
}

export function writeThreshold({ measures, atLeast, unit }: Threshold): string {
  return `${measures.map(escaped).join('|')} ≥ ${atLeast} ${units[unit]}`
}

/** @throws CellError */
export function readThreshold(cell: string): Threshold | undefined {
  return cell.trim() === '' ? undefined : thresholdOf(unitsOf(cell))
}

export function writeMeasuredLevels(rules: readonly MeasuredLevel[] | undefined, language: Language): string {
  const level = (value: CriticalLevel) => levelWords[value][language]
  return (rules ?? [])
    .map(({ threshold, where, reached, below }) => {
      const rule = `${writeThreshold(threshold)} → ${level(reached)}/${level(below)}`
      return where ? `${rule} @ ${where.map(escaped).join('|')}` : rule
    })
    .join('; ')
}

/** @throws CellError */
export function readMeasuredLevels(cell: string): MeasuredLevel[] | undefined {
  const rules = split(unitsOf(cell), ';').filter((rule) => textOf(rule) !== '')
  return rules.length > 0 ? rules.map(measuredLevelOf) : undefined
}

function measuredLevelOf(rule: Unit[]): MeasuredLevel {
  const [what = [], where, ...rest] = split(rule, '@')
  const [threshold = [], levels, ...more] = split(what, '→')
  if (!levels || rest.length > 0 || more.length > 0) throw new CellError('rule')
  const [reached = '', below = '', ...others] = textOf(levels).split('/')
  if (others.length > 0) throw new CellError('levels')
  return {
    threshold: thresholdOf(threshold),
    ...(where && { where: split(where, '|').map(textOf) }),
    reached: readWord(levelWords, reached),
    below: readWord(levelWords, below),
  }
}

function thresholdOf(cell: Unit[]): Threshold {
  const [measures = [], amount, ...rest] = split(cell, '≥')
  if (!amount || rest.length > 0) throw new CellError('threshold')
  const parts = /^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(mm|ml|%)$/i.exec(textOf(amount).normalize('NFKC'))
  const unit = Object.entries(units).find(([, word]) => word === parts?.[2]?.toLowerCase())?.[0]
  if (!parts || !unit) throw new CellError('amount')
  return {
    measures: split(measures, '|').map(textOf),
    atLeast: Number(parts[1]),
    unit: unit as Threshold['unit'],
  }
}

/** @throws CellError where it is none of the words. */
export function readWord<Value extends string>(words: Words<Value>, cell: string): Value {
  const written = cell.trim().normalize('NFKC').toLowerCase()
  for (const [value, word] of Object.entries(words) as [Value, Record<Language, string>][]) {
    if ([value, word['zh-CN'], word.en].some((form) => form.toLowerCase() === written)) return value
  }
  throw new CellError('word')
}

/** A character of a cell; `plain` has its special meaning, if it has one. */
type Unit = { character: string; plain: boolean }

/** Signs that a keyboard has not. */
const otherwiseWritten: Record<string, string> = { '>=': '≥', '->': '→' }

const special = /[\\;；|≥>→@]/g

function escaped(item: string): string {
  // White space at the ends is else taken for the writer's.
  return item.replace(special, '\\$&').replace(/^\s|\s$/g, '\\$&')
}

function unitsOf(cell: string): Unit[] {
  const found: Unit[] = []
  for (let i = 0; i < cell.length; i++) {
    const character = cell.charAt(i)
    const sign = otherwiseWritten[cell.slice(i, i + 2)]
    if (character === '\\' && i + 1 < cell.length) found.push({ character: cell.charAt(++i), plain: false })
    else found.push({ character: sign ?? (character === '；' ? ';' : character), plain: true })
    if (sign) i += 1
  }
  return found
}

function split(cell: Unit[], separator: string): Unit[][] {
  const parts: Unit[][] = [[]]
  for (const unit of cell) {
    if (unit.plain && unit.character === separator) parts.push([])
    else parts.at(-1)?.push(unit)
  }
  return parts
}

/** Without the white space that the writer put around it. */
function textOf(part: Unit[]): string {
  const blank = ({ character, plain }: Unit) => plain && /\s/.test(character)
  const from = part.findIndex((unit) => !blank(unit))
  const to = part.findLastIndex((unit) => !blank(unit))
  return from < 0
    ? ''
    : part
        .slice(from, to + 1)
        .map(({ character }) => character)
        .join('')
}
