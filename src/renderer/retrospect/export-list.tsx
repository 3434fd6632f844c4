import { Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { type ListFile, useListExport } from '../spreadsheet/index.ts'
import type { Column } from '../table/column.ts'
import { titleText } from '../table/column.ts'

interface ExportListProps<Row> {
  list: ListFile['list']
  title: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  /** The page itself, as a PDF, beside the tables. */
  pdf?: boolean
}

/** What the screen shows, as a file: the columns that say something, the rows as filtered and sorted. */
export function ExportList<Row>({ list, title, rows, columns, pdf }: ExportListProps<Row>) {
  const { t } = useTranslation()
  const write = useListExport()
  const told = columns.filter((column) => column.text)
  const table = () => [
    told.map(titleText),
    ...rows.map((row) =>
      told.map((column) => {
        const order = column.order?.(row)
        // A figure stays a figure; a time is written as it is read.
        const text = column.text?.(row) ?? ''
        return typeof order === 'number' && String(order) === text ? order : text
      }),
    ),
  ]
  const formats = pdf ? (['xlsx', 'csv', 'pdf'] as const) : (['xlsx', 'csv'] as const)
  return (
    <Dropdown.Button
      disabled={rows.length === 0}
      loading={write.isPending}
      onClick={() => write.mutate({ list, format: 'xlsx', title, rows: table() })}
      menu={{
        items: formats.map((key) => ({ key, label: t(`retrospect.export.${key}`) })),
        onClick: ({ key }) =>
          write.mutate({ list, format: key as (typeof formats)[number], title, rows: table() }),
      }}
      className="export-list"
      data-testid="export-list"
    >
      {t('retrospect.export.xlsx')}
    </Dropdown.Button>
  )
}
