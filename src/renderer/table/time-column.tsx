import { dateTime } from '../i18n/index.ts'
import type { Column } from './column.ts'

/** A column of moments: read as date and time, sorted by the moment itself; empty where there is none. */
export function timeColumn<Row>(
  key: string,
  title: string,
  at: (row: Row) => number | null,
  more: Pick<Column<Row>, 'grow'> = {},
): Column<Row> {
  const text = (row: Row) => {
    const moment = at(row)
    return moment === null ? '' : dateTime(moment)
  }
  return {
    key,
    title,
    width: 160,
    ...more,
    render: (row) => <span className="number">{text(row)}</span>,
    text,
    order: at,
  }
}
