import type { Column } from './column.ts'

export interface Filter {
  /** Every word of it must stand in one of the row's texts. */
  search: string
  /** The chosen value by column. */
  choices: Readonly<Record<string, string>>
}

export const noFilter: Filter = { search: '', choices: {} }

export function isFiltered(filter: Filter): boolean {
  return filter.search.trim() !== '' || Object.values(filter.choices).some((choice) => choice !== '')
}

/** The rows that the filter lets through. Case and width (ＡＢＣ) do not matter. */
export function filterRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  filter: Filter,
): readonly Row[] {
  if (!isFiltered(filter)) return rows
  const words = folded(filter.search).split(/\s+/).filter(Boolean)
  const texts = columns.flatMap(({ text }) => text ?? [])
  const chosen = columns.flatMap(({ key, choices }) => {
    const choice = filter.choices[key]
    return choices && choice ? [{ choices, choice }] : []
  })
  return rows.filter((row) => {
    if (!chosen.every(({ choices, choice }) => choices(row).includes(choice))) return false
    if (words.length === 0) return true
    const cells = texts.map((text) => folded(text(row)))
    return words.every((word) => cells.some((cell) => cell.includes(word)))
  })
}

/** The values that stand in a column, in the language's order; the chosen one is among them even where it has gone. */
export function choicesOf<Row>(
  rows: readonly Row[],
  column: Column<Row>,
  chosen: string,
  language: string,
): string[] {
  const values = new Set(rows.flatMap((row) => column.choices?.(row) ?? []))
  values.add(chosen)
  values.delete('')
  return [...values].toSorted(new Intl.Collator(language, { numeric: true }).compare)
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase()
