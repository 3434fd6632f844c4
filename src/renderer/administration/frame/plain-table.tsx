import type { ReactNode } from 'react'

interface PlainTableProps<Row> {
  label: string
  rows: readonly Row[]
  rowKey: (row: Row) => string
  columns: readonly { title: string; render: (row: Row) => ReactNode; number?: boolean }[]
  /** In the place of rows where there are none. */
  empty: ReactNode
  testId: string
}

/** A short table that is read, and neither searched nor sorted. */
export function PlainTable<Row>({ label, rows, rowKey, columns, empty, testId }: PlainTableProps<Row>) {
  if (rows.length === 0) return <p className="quiet">{empty}</p>
  return (
    <table className="plain-table" aria-label={label} data-testid={testId}>
      <thead>
        <tr>
          {columns.map(({ title, number }) => (
            <th key={title} scope="col" className={number ? 'figure' : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map(({ title, render, number }) => (
              <td key={title} className={number ? 'number figure' : undefined}>
                {render(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
