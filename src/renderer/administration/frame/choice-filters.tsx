import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { type Column, titleText } from '../../table/column.ts'
import { choicesOf } from '../../table/filter.ts'
import type { useTableView } from '../../table/use-table-view.ts'

interface ChoiceFiltersProps<Row> {
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  view: ReturnType<typeof useTableView<Row>>
}

/** One list of values for each column that has some; a column with only one value has nothing to choose. */
export function ChoiceFilters<Row>({ rows, columns, view }: ChoiceFiltersProps<Row>) {
  const { t, i18n } = useTranslation()
  return columns
    .filter((column) => column.choices)
    .map((column) => {
      const chosen = view.filter.choices[column.key] ?? ''
      const values = choicesOf(rows, column, chosen, i18n.language)
      if (values.length < 2 && chosen === '') return null
      const title = titleText(column)
      return (
        <Select
          key={column.key}
          value={chosen}
          onChange={(value) => view.setChoice(column.key, value)}
          options={[
            { value: '', label: t('administration.list.allOf', { title }) },
            ...values.map((value) => ({ value, label: value })),
          ]}
          popupMatchSelectWidth={false}
          className="officer-choice"
          aria-label={t('administration.list.filterBy', { title })}
          data-testid={`filter-${column.key}`}
        />
      )
    })
}
