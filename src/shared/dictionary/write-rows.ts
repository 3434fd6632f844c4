import type { DictionaryContent } from '../api/dictionary.ts'
import type { Language } from './cell-text.ts'
import {
  columnHeading,
  dictionaryColumns,
  entryCells,
  entryColumns,
  termCells,
  termColumns,
} from './columns.ts'

/** The entries as a table of texts: a header, then a row for each term. The rules are no part of it. */
export function dictionaryRows(
  { entries }: Pick<DictionaryContent, 'entries'>,
  language: Language,
): string[][] {
  return [
    dictionaryColumns.map((column) => columnHeading(column, language)),
    ...entries.flatMap((entry) => {
      const shared = entryColumns.map((column) => entryCells[column](entry, language))
      return entry.terms.map((term) => [
        ...shared,
        ...termColumns.map((column) => termCells[column](term, language)),
      ])
    }),
  ]
}
