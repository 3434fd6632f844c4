import type { DictionaryEntry, DictionaryTerm, Threshold } from '../../../shared/critical/model.ts'
import type { Translate } from '../../i18n/index.ts'

const chinese = /\p{Script=Han}/u

export function languageOf(text: string): DictionaryTerm['language'] {
  return text === '' || chinese.test(text) ? 'zh' : 'en'
}

/** The term with another text; its language follows until somebody says otherwise. */
export function withText(term: DictionaryTerm, text: string): DictionaryTerm {
  const follows = term.language === languageOf(term.text)
  return { ...term, text, ...(follows && { language: languageOf(text) }) }
}

/** Texts of a paste or a list, one a line; null where it is one text only. */
export function textsOf(pasted: string): string[] | null {
  const lines = pasted.split(/[\r\n\t]+/).map((line) => line.trim())
  const texts = lines.filter(Boolean)
  return texts.length > 1 ? texts : null
}

export function termOf(text: string): DictionaryTerm {
  return { text, language: languageOf(text) }
}

/** An entry with nothing in it yet; its code is one that is free. */
export function newEntry(entries: readonly DictionaryEntry[]): DictionaryEntry {
  return { code: freeCode('NEW_TYPE', entries), nameZh: '', nameEn: '', level: 'red', terms: [termOf('')] }
}

export function duplicateOf(entry: DictionaryEntry, entries: readonly DictionaryEntry[]): DictionaryEntry {
  return { ...entry, code: freeCode(entry.code, entries) }
}

function freeCode(wanted: string, entries: readonly DictionaryEntry[]): string {
  const taken = new Set(entries.map(({ code }) => code))
  if (!taken.has(wanted)) return wanted
  for (let n = 2; ; n++) {
    const code = `${wanted.slice(0, 28)}_${n}`
    if (!taken.has(code)) return code
  }
}

export const newThreshold: Threshold = { measures: [], atLeast: Number.NaN, unit: 'mm' }

export const unitNames: Record<Threshold['unit'], string> = { mm: 'mm', ml: 'ml', percent: '%' }

/** What a term asks for beside its words, in short. */
export function conditionText(t: Translate, { requires, measuredLevels, notWithin }: DictionaryTerm): string {
  const amount = (threshold: Threshold) =>
    Number.isNaN(threshold.atLeast) ? '?' : `${threshold.atLeast} ${unitNames[threshold.unit]}`
  return [
    requires &&
      t('dictionary.term.shortRequires', { what: requires.measures[0] ?? '?', amount: amount(requires) }),
    measuredLevels && t('dictionary.term.shortLevels', { n: measuredLevels.length }),
    notWithin && notWithin.length > 0 && t('dictionary.term.shortNotWithin', { n: notWithin.length }),
  ]
    .filter(Boolean)
    .join(' · ')
}
