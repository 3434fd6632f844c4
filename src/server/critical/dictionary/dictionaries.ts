import { type CriticalAnalyzer, compileDictionary } from '../../../shared/critical/index.ts'
import type { CriticalDictionary } from '../../../shared/critical/model.ts'
import { readDictionary } from './read-dictionary.ts'

/** The dictionary in force. Ask each time: it may change while the gateway runs. */
export interface Dictionaries {
  inForce(): { dictionary: CriticalDictionary; analyzer: CriticalAnalyzer }
}

/** @throws VigilError `dictionary-invalid` where the dictionary may not be used. */
export function openDictionaries(starting: unknown): Dictionaries {
  const dictionary = readDictionary(starting)
  const inForce = { dictionary, analyzer: compileDictionary(dictionary) }
  return { inForce: () => inForce }
}
