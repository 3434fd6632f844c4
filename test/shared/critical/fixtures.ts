import defaultDictionary from '../../../assets/dictionary/default.json' with { type: 'json' }
import {
  type CriticalAnalyzer,
  CriticalDictionary,
  compileDictionary,
} from '../../../src/shared/critical/index.ts'

let compiled: CriticalAnalyzer | undefined

/** The default dictionary, compiled once per test file. */
export function defaultAnalyzer(): CriticalAnalyzer {
  compiled ??= compileDictionary(CriticalDictionary.parse(defaultDictionary))
  return compiled
}

/** A reproducible source of numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
