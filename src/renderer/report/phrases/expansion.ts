import type { Phrase } from '../../../shared/settings/index.ts'

/** A phrase where its abbreviation stands. */
export interface Expansion {
  /** Of the abbreviation, in the text before the cursor. */
  from: number
  insert: string
  /** Where the cursor goes, from the start of what is inserted. */
  cursor: number
}

const typed = /;?[A-Za-z0-9]{1,20}$/

/**
 * The phrase that the text before the cursor ends with by its abbreviation, as a word of its own or after a semicolon; null where
 * there is none. `modality` is the exam's: a phrase for another is not meant.
 */
export function expansionAt(before: string, phrases: readonly Phrase[], modality: string): Expansion | null {
  const word = typed.exec(before)?.[0]
  if (word === undefined) return null
  const abbreviation = word.replace(/^;/, '').toLowerCase()
  const phrase = phrases.find(
    (each) =>
      each.abbreviation.toLowerCase() === abbreviation &&
      (each.modality === '' || modality === '' || each.modality === modality),
  )
  return phrase ? { from: before.length - word.length, ...insertionOf(phrase.text) } : null
}

/** As `expansionAt`, for `;abbr` as it is being typed: only once no other abbreviation goes on from it. */
export function expansionWhileTyping(
  before: string,
  phrases: readonly Phrase[],
  modality: string,
): Expansion | null {
  const word = typed.exec(before)?.[0]
  if (!word?.startsWith(';')) return null
  const abbreviation = word.slice(1).toLowerCase()
  const longer = phrases.some(
    (each) => each.abbreviation.length > abbreviation.length && each.abbreviation.startsWith(abbreviation),
  )
  return longer ? null : expansionAt(before, phrases, modality)
}

/** A phrase's text without its mark, and where the mark was; the end where there is none. A field's own bars are no marks. */
export function insertionOf(text: string): { insert: string; cursor: number } {
  const bare = text.replace(/\[\[[^[\]\n]*\]\]/g, (field) => '\0'.repeat(field.length))
  const at = bare.indexOf('|')
  return at < 0
    ? { insert: text, cursor: text.length }
    : { insert: text.slice(0, at) + text.slice(at + 1), cursor: at }
}
