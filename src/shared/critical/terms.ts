import { WORDS_CONTAINING_TERMS } from './compounds-zh.ts'
import type { CriticalDictionary, CriticalLevel, DictionaryTerm } from './model.ts'
import { isLetter, type Normalise } from './normalise.ts'

/** One dictionary term ready for matching. */
export type CompiledTerm = {
  term: DictionaryTerm
  code: string
  level: CriticalLevel
  /** Normalised words in which the term is not meant, each with the offset at which the term stands in it. */
  traps: { word: string; at: number }[]
}

/** A term found in a normalised sentence; offsets of the normalised text. */
export type Hit = { start: number; end: number; compiled: CompiledTerm }

export type TermIndex = {
  /** All terms that stand in the normalised text, ordered by start; overlapping terms of one type are reduced to the longest. */
  find(text: string): Hit[]
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
export function createTermIndex(dictionary: CriticalDictionary, normalise: Normalise): TermIndex {
  const words = new Map<string, CompiledTerm[]>()
  for (const entry of dictionary.entries) {
    for (const term of entry.terms) {
      const text = normalise(term.text).text.trim()
      if (text === '') continue
      const compiled = {
        term,
        code: entry.code,
        level: term.level ?? entry.level,
        traps: traps(term, text, normalise),
      }
      const same = words.get(text)
      if (same === undefined) words.set(text, [compiled])
      else if (!same.some((other) => other.code === entry.code)) same.push(compiled)
    }
  }
  const trie = createTrie([...words.keys()])
  const terms = [...words.values()]
  return { find: (text) => longestOfEachType(scan(text, trie, terms)) }
}

function traps(term: DictionaryTerm, text: string, normalise: Normalise): { word: string; at: number }[] {
  const found: { word: string; at: number }[] = []
  for (const word of [...WORDS_CONTAINING_TERMS, ...(term.notWithin ?? [])].map((w) => normalise(w).text)) {
    if (word === text) continue
    for (let at = word.indexOf(text); at >= 0; at = word.indexOf(text, at + 1)) found.push({ word, at })
  }
  return found
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

function scan(text: string, trie: Trie, terms: CompiledTerm[][]): Hit[] {
  const hits: Hit[] = []
  for (let start = 0; start < text.length; start++) {
    const first = text.charCodeAt(start)
    let node = trie.root[first]!
    if (node === 0) continue
    if (isLetter(first) && start > 0 && isLetter(text.charCodeAt(start - 1))) continue
    for (let i = start + 1; node !== 0; i++) {
      const index = trie.value[node]!
      if (index >= 0) {
        const end = wordEnd(text, i)
        if (end > 0) {
          for (const compiled of terms[index]!) {
            if (!isTrapped(text, start, compiled)) hits.push({ start, end, compiled })
          }
        }
      }
      if (i >= text.length) break
      node = trie.child(node, text.charCodeAt(i))
    }
  }
  return hits
}

/** Where a term that was matched up to `end` ends as a word: English plurals are taken in, a longer English word is none (-1). */
function wordEnd(text: string, end: number): number {
  if (!isLetter(text.charCodeAt(end - 1))) return end
  for (const plural of ['(s)', 'es', 's', '']) {
    if (text.startsWith(plural, end) && !isLetter(text.charCodeAt(end + plural.length)))
      return end + plural.length
  }
  return -1
}

function isTrapped(text: string, start: number, compiled: CompiledTerm): boolean {
  return compiled.traps.some(({ word, at }) => start >= at && text.startsWith(word, start - at))
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
