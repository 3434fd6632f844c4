import { type Place, place } from './model.ts'

/** A template's field in a text: `[[大小]]` to fill in, `[[左|右|双]]` to pick from. */
export interface Field {
  start: number
  end: number
  /** What stands between the brackets. */
  name: string
  /** Empty for a field to fill in. */
  options: readonly string[]
}

const field = /\[\[([^[\]\n]{0,120})\]\]/g

/** The fields of a text that are not filled in, in order. */
export function fieldsOf(text: string): Field[] {
  return [...text.matchAll(field)].map((match) => {
    const name = match[1] ?? ''
    return {
      start: match.index,
      end: match.index + match[0].length,
      name,
      options: name.includes('|') ? name.split('|').map((option) => option.trim()) : [],
    }
  })
}

export function unfilledFields(text: string): Place[] {
  return fieldsOf(text).map(({ start, end }) =>
    place(text, start, end, { kind: 'unfilled-field', weight: 'blocking' }),
  )
}

/** The text with each field blank, of the same length. */
export function withoutFields(text: string): string {
  return text.replace(field, (words) => '　'.repeat(words.length))
}
