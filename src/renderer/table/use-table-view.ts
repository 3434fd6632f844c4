import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from './column.ts'
import { type Filter, filterRows, isFiltered, noFilter } from './filter.ts'
import { nextSort, type Sort, sortRows } from './sort.ts'

/** What a person has made of a table: the rows that pass the filter, in the order that was asked for. */
export function useTableView<Row>(all: readonly Row[], columns: readonly Column<Row>[]) {
  const { i18n } = useTranslation()
  const [filter, setFilter] = useState<Filter>(noFilter)
  const [sort, setSort] = useState<Sort | null>(null)
  const typed = useDeferredValue(filter)
  const rows = useMemo(
    () => sortRows(filterRows(all, columns, typed), columns, sort, i18n.language),
    [all, columns, typed, sort, i18n.language],
  )
  return {
    rows,
    total: all.length,
    filter,
    filtered: isFiltered(filter),
    setSearch: (search: string) => setFilter((now) => ({ ...now, search })),
    setChoice: (column: string, choice: string) =>
      setFilter((now) => ({ ...now, choices: { ...now.choices, [column]: choice } })),
    clear: () => setFilter(noFilter),
    sort,
    onSort: (column: string) => setSort((now) => nextSort(now, column)),
  }
}
