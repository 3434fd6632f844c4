import { TRADITIONAL_TO_SIMPLIFIED } from './traditional.ts'

/**
 * A text folded for matching: half width, lower case, simplified characters, one spelling of common doublets, no
 * white space next to Chinese characters, single spaces elsewhere.
 */
export type Normalised = {
  /** The folded code units; `decodeUnits` makes a string of them. */
  units: Uint16Array
  /** For each of `units`, the offset in the original of the code unit that it came from. */
  origin: Int32Array
  /** Offsets in `units` where two or more white spaces stood between Chinese characters: some writers separate clauses so. */
  gaps: number[]
}

/** Folds a text; linear time. Never throws: lone surrogates and control characters pass through. */
export type Normalise = (text: string) => Normalised

const SPACE = 0x20
const HYPHEN = 0x2d

/** White space including line breaks inside a hard-wrapped sentence. */
const SPACES =
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'
/** Invisible characters that copying from other programs leaves behind. */
const INVISIBLE = '\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff'
/** Characters with one ordinary equivalent, in pairs. */
const EQUIVALENTS = '–-—-−-‐-‑-‒-﹣-×x✕x‘\'’\'“"”"〔(〕)【(】)[(])﹖?﹐,﹑、﹔;﹕:℃c⁃-µu'
const SQUARED_UNIT = /[㎜㎝㎖㏄³²]/u
/** Units written as one character. */
const SQUARED: ReadonlyMap<string, string> = new Map([
  ['㎜', 'mm'],
  ['㎝', 'cm'],
  ['㎖', 'ml'],
  ['㏄', 'cc'],
  ['³', '3'],
  ['²', '2'],
])

const DROP = 0xffff
const EXPAND = 0xfffe

/**
 * Builds the folding table (64 Ki entries, a millisecond) and returns the folding function. One per analyser:
 * nothing is computed when the module is imported.
 */
export function createNormaliser(): Normalise {
  const fold = foldingTable()
  return (text) => normalise(text, fold)
}

/** True for Chinese ideographs (including those outside the basic plane, by their surrogates) and Chinese punctuation. */
export function isChinese(unit: number): boolean {
  return (
    (unit >= 0x4e00 && unit <= 0x9fff) ||
    (unit >= 0x3400 && unit <= 0x4dbf) ||
    (unit >= 0x3001 && unit <= 0x303f) ||
    (unit >= 0xf900 && unit <= 0xfaff) ||
    (unit >= 0xd840 && unit <= 0xd888)
  )
}

/** True for a letter of the Latin alphabet after folding. */
export function isLetter(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0xdf && unit <= 0x24f && unit !== 0xf7)
}

/** True for 0 to 9. */
export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39
}

function foldingTable(): Uint16Array {
  const fold = new Uint16Array(0x10000)
  for (let unit = 0; unit < 0x10000; unit++) {
    const half = unit >= 0xff01 && unit <= 0xff5e ? unit - 0xfee0 : unit
    const lower = half < 0x250 ? String.fromCharCode(half).toLowerCase() : ''
    fold[unit] = lower.length === 1 ? lower.charCodeAt(0) : half
  }
  const pairs = [...TRADITIONAL_TO_SIMPLIFIED, ...EQUIVALENTS]
  for (let i = 0; i + 1 < pairs.length; i += 2) fold[pairs[i]!.charCodeAt(0)] = pairs[i + 1]!.charCodeAt(0)
  for (const space of SPACES) fold[space.charCodeAt(0)] = SPACE
  for (const mark of INVISIBLE) fold[mark.charCodeAt(0)] = DROP
  for (const unit of SQUARED.keys()) fold[unit.charCodeAt(0)] = EXPAND
  return fold
}

function normalise(text: string, fold: Uint16Array): Normalised {
  const capacity = text.length * (SQUARED_UNIT.test(text) ? 2 : 1)
  const units = new Uint16Array(capacity)
  const origin = new Int32Array(capacity)
  const gaps: number[] = []
  let n = 0
  for (let i = 0; i < text.length; i++) {
    const unit = fold[text.charCodeAt(i)]!
    if (unit === DROP) continue
    if (unit === EXPAND) {
      for (const part of SQUARED.get(text[i]!) ?? '') {
        origin[n] = i
        units[n++] = part.charCodeAt(0)
      }
    } else if (unit === SPACE) {
      let next = i + 1
      let width = 1
      for (; next < text.length; next++) {
        const following = fold[text.charCodeAt(next)]!
        if (following === SPACE) width++
        else if (following !== DROP) break
      }
      const before = n > 0 ? units[n - 1]! : SPACE
      const after = next < text.length ? fold[text.charCodeAt(next)]! : SPACE
      if (isChinese(before) || isChinese(after)) {
        if (width > 1 && isChinese(before) && isChinese(after)) gaps.push(n)
      } else if (before !== SPACE) {
        origin[n] = i
        units[n++] = SPACE
      }
      i = next - 1
    } else if (unit === HYPHEN && n > 0 && isLetter(units[n - 1]!) && isLetter(at(text, i + 1, fold))) {
      origin[n] = i
      units[n++] = SPACE
    } else if ((unit === 0x61 || unit === 0x6f) && isBritishVowel(unit, units[n - 1] ?? 0, text, i, fold)) {
      // written as the e that follows, so that the finding still begins where the word does
      origin[n] = i++
      units[n++] = 0x65
    } else {
      origin[n] = i
      units[n] = n > 0 ? secondOfDoublet(unit, units[n - 1]!) : unit
      n++
    }
  }
  return n === capacity
    ? { units, origin, gaps }
    : { units: units.subarray(0, n), origin: origin.subarray(0, n), gaps }
}

function at(text: string, index: number, fold: Uint16Array): number {
  return index < text.length ? fold[text.charCodeAt(index)]! : 0
}

/** The a of haem-, -aemia and the o of oedema, oesophagus: ae and oe fold to e, so that both spellings of English are one. */
function isBritishVowel(unit: number, before: number, text: string, i: number, fold: Uint16Array): boolean {
  if (at(text, i + 1, fold) !== 0x65) return false
  const next = String.fromCharCode(at(text, i + 2, fold), at(text, i + 3, fold))
  if (unit === 0x6f) return next === 'de' || next === 'so'
  return (before === 0x68 && next[0] === 'm') || next === 'mi'
}

/** 梗塞 is 梗死, 食道 is 食管, 下隙 (蛛网膜下隙) is 下腔. */
function secondOfDoublet(unit: number, before: number): number {
  if (unit === 0x585e && before === 0x6897) return 0x6b7b
  if (unit === 0x9053 && before === 0x98df) return 0x7ba1
  if (unit === 0x9699 && before === 0x4e0b) return 0x8154
  return unit
}

/** The code units as a string. */
export function decodeUnits(units: Uint16Array): string {
  let text = ''
  for (let i = 0; i < units.length; i += 4096) {
    text += String.fromCharCode.apply(null, units.subarray(i, i + 4096) as unknown as number[])
  }
  return text
}
