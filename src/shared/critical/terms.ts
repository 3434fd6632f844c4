import { WORDS_AROUND } from './compounds-zh.ts'
import type { CriticalLevel, DictionaryTerm, TermDictionary, Threshold } from './model.ts'
import { decodeUnits, isLetter, type Normalise } from './normalise.ts'

/** One dictionary term ready for matching. */
export type CompiledTerm = {
  term: DictionaryTerm
  code: string
  /** An abbreviation in capitals has no plural: PE is not the plural in "pes". */
  isAcronym: boolean
  level: CriticalLevel
  requires: Threshold | undefined
  measuredLevels: {
    threshold: Threshold
    where: string[] | undefined
    reached: CriticalLevel
    below: CriticalLevel
  }[]
  /** Normalised words in which the term is not meant, each with the offset at which the term stands in it. */
  traps: { word: string; at: number }[]
}

/** A term found in a normalised sentence; offsets of the normalised text. */
export type Hit = { start: number; end: number; compiled: CompiledTerm }

export type TermIndex = {
  /** All terms that stand in normalised code units, ordered by start; overlapping terms of one type are reduced to the longest. */
  find(units: Uint16Array): Hit[]
}

/**
 * Indexes the dictionary's terms in a trie that is walked from every position of the text.
 *
 * Why not modern-ahocorasick: it segments the text into grapheme clusters and keeps a match object per hit, which costs more than the
 * whole analysis is allowed (measured in test/bench/text-analysis.ts), and its English matches must be checked for
 * word boundaries and plurals anyway. A term has at most 80 code units, so a walk is bounded and the scan stays linear
 * without failure links; in report text a walk ends after one or two steps. All edges live in one open-addressing table
 * of typed arrays: no object per node, 5,000 terms take about a megabyte.
 */
export function createTermIndex(dictionary: TermDictionary, normalise: Normalise): TermIndex {
  const folded = (text: string) => decodeUnits(normalise(text).units)
  const words = new Map<string, CompiledTerm[]>()
  for (const entry of dictionary.entries) {
    for (const term of entry.terms) {
      const text = folded(term.text).trim()
      if (text === '') continue
      const compiled: CompiledTerm = {
        term,
        code: entry.code,
        isAcronym: /^[A-Z]{1,4}$/.test(term.text),
        level: term.level ?? entry.level,
        ...foldedThresholds(term, folded),
        traps: traps(term, text, folded),
      }
      const same = words.get(text)
      if (same === undefined) words.set(text, [compiled])
      else if (!same.some((other) => other.code === entry.code)) same.push(compiled)
    }
  }
  const trie = createTrie([...words.keys()])
  const terms = [...words.values()]
  return { find: (units) => longestOfEachType(scan(units, trie, terms)) }
}

type Fold = (text: string) => string

function traps(term: DictionaryTerm, text: string, fold: Fold): { word: string; at: number }[] {
  const found: { word: string; at: number }[] = []
  for (const word of [...(WORDS_AROUND[text] ?? []), ...(term.notWithin ?? [])].map(fold)) {
    if (word === text) continue
    for (let at = word.indexOf(text); at >= 0; at = word.indexOf(text, at + 1)) found.push({ word, at })
  }
  return found
}

/** The term's thresholds with their words folded like the text in which they are looked for. */
function foldedThresholds({ requires, measuredLevels }: DictionaryTerm, fold: Fold) {
  const threshold = (t: Threshold): Threshold => ({ ...t, measures: t.measures.map(fold) })
  return {
    requires: requires === undefined ? undefined : threshold(requires),
    measuredLevels: (measuredLevels ?? []).map((rule) => ({
      ...rule,
      threshold: threshold(rule.threshold),
      where: rule.where?.map(fold),
    })),
  }
}

type Trie = { root: Int32Array; child(node: number, unit: number): number; value: Int32Array }

function createTrie(words: string[]): Trie {
  const edges = words.reduce((sum, word) => sum + word.length, 1)
  let size = 8
  while (size < edges * 2) size *= 2
  const from = new Int32Array(size).fill(-1)
  const on = new Uint16Array(size)
  const to = new Int32Array(size)
  const value = new Int32Array(edges + 1).fill(-1)
  const root = new Int32Array(0x10000)
  const slot = (node: number, unit: number) => {
    let i = (Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> 0
    i = (i ^ (i >>> 15)) & (size - 1)
    while (from[i] !== -1 && (from[i] !== node || on[i] !== unit)) i = (i + 1) & (size - 1)
    return i
  }
  let nodes = 1
  words.forEach((word, index) => {
    let node = 0
    for (let i = 0; i < word.length; i++) {
      const unit = word.charCodeAt(i)
      const at = slot(node, unit)
      if (from[at] === -1) {
        from[at] = node
        on[at] = unit
        to[at] = nodes++
        if (node === 0) root[unit] = to[at]
      }
      node = to[at]!
    }
    value[node] = index
  })
  const child = (node: number, unit: number) => {
    const at = slot(node, unit)
    return from[at] === -1 ? 0 : to[at]!
  }
  return { root, child, value }
}

function scan(units: Uint16Array, trie: Trie, terms: CompiledTerm[][]): Hit[] {
  const hits: Hit[] = []
  for (let start = 0; start < units.length; start++) {
    const first = units[start]!
    let node = trie.root[first]!
    if (node === 0) continue
    if (isLetter(first) && start > 0 && isLetter(units[start - 1]!)) continue
    for (let i = start + 1; node !== 0; i++) {
      const index = trie.value[node]!
      const end = index < 0 ? -1 : wordEnd(units, i)
      if (end > 0) {
        for (const compiled of terms[index]!) {
          if (compiled.isAcronym && end > i) continue
          if (!isTrapped(units, start, compiled)) hits.push({ start, end, compiled })
        }
      }
      if (i >= units.length) break
      node = trie.child(node, units[i]!)
    }
  }
  return hits
}

/** A word of this many letters may take an ending of this many more and is still the same word: infarction(al), dissect(ing). */
const LONG_WORD = 9
const LONGEST_ENDING = 3

/**
 * Where a term that was matched up to `end` ends as a word: English plurals, and the endings of a long word, are taken in;
 * a longer English word is another one (-1).
 */
function wordEnd(units: Uint16Array, end: number): number {
  if (!isLetter(units[end - 1]!)) return end
  for (const plural of ['(s)', 'es', 's', '']) {
    if (standsAt(units, plural, end) && !isLetter(units[end + plural.length] ?? 0)) return end + plural.length
  }
  return letters(units, end, -1) >= LONG_WORD && letters(units, end, 1) <= LONGEST_ENDING
    ? end + letters(units, end, 1)
    : -1
}

/** How many letters stand without a gap before (-1) or after (1) an offset. */
function letters(units: Uint16Array, offset: number, direction: 1 | -1): number {
  let count = 0
  for (let i = direction < 0 ? offset - 1 : offset; isLetter(units[i] ?? 0); i += direction) count++
  return count
}

function isTrapped(units: Uint16Array, start: number, compiled: CompiledTerm): boolean {
  return compiled.traps.some(({ word, at }) => start >= at && standsAt(units, word, start - at))
}

function standsAt(units: Uint16Array, word: string, at: number): boolean {
  for (let i = 0; i < word.length; i++) if (units[at + i] !== word.charCodeAt(i)) return false
  return true
}

function longestOfEachType(hits: Hit[]): Hit[] {
  if (hits.length < 2) return hits
  const lastEnd = new Map<string, Hit>()
  const kept: Hit[] = []
  // longer first at each start, so a later hit is dropped when it overlaps one kept of its type, or replaces a shorter one
  hits.sort((a, b) => a.start - b.start || b.end - a.end)
  for (const hit of hits) {
    const previous = lastEnd.get(hit.compiled.code)
    if (previous !== undefined && hit.start < previous.end) {
      if (hit.end - hit.start <= previous.end - previous.start) continue
      kept.splice(kept.lastIndexOf(previous), 1)
    }
    kept.push(hit)
    lastEnd.set(hit.compiled.code, hit)
  }
  return kept
}
