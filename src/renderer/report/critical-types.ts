import type { CriticalDictionary, CriticalRules, DictionaryEntry } from '../../shared/critical/index.ts'

/** The dictionary's critical-value types by code, in the user's language. */
export interface CriticalTypes {
  of(code: string): DictionaryEntry | undefined
  /** The code itself where the dictionary does not have it. */
  name(code: string): string
  all: readonly DictionaryEntry[]
  /** Null while the dictionary is not loaded. */
  rules: CriticalRules | null
}

export function criticalTypes(dictionary: CriticalDictionary | null, language: string): CriticalTypes {
  const entries = dictionary?.entries ?? []
  const byCode = new Map(entries.map((entry) => [entry.code, entry]))
  return {
    of: (code) => byCode.get(code),
    name: (code) => {
      const entry = byCode.get(code)
      return entry ? (language === 'en' ? entry.nameEn : entry.nameZh) : code
    },
    all: entries,
    rules: dictionary?.rules ?? null,
  }
}
