import type { ReactNode } from 'react'

export interface Column<Row> {
  key: string
  title: ReactNode
  /** Least width in px. */
  width: number
  /** Share of the width that is left over; 0 stays at `width`. */
  grow?: number
  /** Not shown until somebody chooses it. */
  hidden?: boolean
  /** Cannot be hidden: without it one would take one row for another. */
  needed?: boolean
  render: (row: Row) => ReactNode
  /** What the cell says, in plain text: it is searched, sorted and written to files. Leave out for a cell that says nothing by itself. */
  text?: (row: Row) => string
  /** What it is sorted by where its text does not say it: numbers and times. Null comes last, both ways. */
  order?: (row: Row) => number | string | null
  /** The values that its rows are filtered by, as they are shown; several where a cell holds several. */
  choices?: (row: Row) => readonly string[]
}

/** The name of a column in a file. */
export function titleText(column: Pick<Column<never>, 'key' | 'title'>): string {
  return typeof column.title === 'string' ? column.title : column.key
}
