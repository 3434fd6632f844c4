import type { Column } from './column.ts'

export interface Sort {
  column: string
  direction: 'ascending' | 'descending'
}

/** What a click on a column's head makes of the order: up, down, and back to how the rows came. */
export function nextSort(sort: Sort | null, column: string): Sort | null {
  if (sort?.column !== column) return { column, direction: 'ascending' }
  return sort.direction === 'ascending' ? { column, direction: 'descending' } : null
}

export function isSortable<Row>(column: Column<Row>): boolean {
  return column.order !== undefined || column.text !== undefined
}

/**
 * The rows in the order that is asked for. Texts follow `language` (zh: pinyin, and 2 before 10), equal ones keep their places,
 * and what has no value comes last both ways.
 */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | null,
  language: string,
): readonly Row[] {
  const column = sort && columns.find(({ key }) => key === sort.column)
  const order = column?.order ?? column?.text
  if (!sort || !order) return rows
  const collator = new Intl.Collator(language, { numeric: true })
  const sign = sort.direction === 'ascending' ? 1 : -1
  return rows
    .map((row) => ({ row, value: order(row) }))
    .toSorted((a, b) => {
      const [aEmpty, bEmpty] = [isEmpty(a.value), isEmpty(b.value)]
      if (aEmpty || bEmpty) return Number(aEmpty) - Number(bEmpty)
      return sign * compare(a.value, b.value, collator)
    })
    .map(({ row }) => row)
}

type Value = number | string | null

const isEmpty = (value: Value) => value === null || value === ''

function compare(a: Value, b: Value, collator: Intl.Collator): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
}
