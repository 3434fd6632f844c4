// biome-ignore-all lint/a11y/useSemanticElements: heads of a grid of rows that stand by their offset
// biome-ignore-all lint/a11y/useFocusableInteractive: the button inside has the focus
import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useRef } from 'react'
import type { Column } from './column.ts'
import { Grid, GridRow, gridColumns, isOfButton, placeByKey, useFocusOnMount } from './grid.tsx'
import { reveal, useRowWindow } from './row-window.ts'
import { isSortable, type Sort } from './sort.ts'

export type { Column } from './column.ts'

interface DataTableProps<Row> {
  label: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  /** Null selects nothing; leave out for a table that is only read. */
  selected?: string | null
  onSelect?: (key: string) => void
  onOpen?: (row: Row) => void
  /** Further keys, with the selected row. */
  onKey?: (event: KeyboardEvent, row: Row) => void
  /** Escape, whether a row is selected or not. */
  onEscape?: () => void
  /** The last rows are on the screen: where there are more, now is the time to read them. */
  onEnd?: () => void
  /** Attributes for tests, and for styles by state. */
  attributes?: (row: Row) => Record<`data-${string}`, string>
  /** Shown below the head in place of rows. */
  empty: ReactNode
  testId: string
  focusOnMount?: boolean
  /** How the rows are sorted now. The table shows it; its owner sorts. */
  sort?: Sort | null
  /** Gives the heads of columns with a text a button; leave out where the order is not the reader's to choose. */
  onSort?: (column: string) => void
}

/**
 * A dense table with rows of one height, of which only the visible ones exist in the page.
 * Keyboard: ↑ ↓ Home End PageUp PageDown move, Enter opens. (antd's table measures scroll bars with a style that carries
 * no nonce, which the CSP refuses.)
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, columns, rowKey, selected = null, onSelect, onOpen } = props
  const scroller = useRef<HTMLDivElement>(null)
  const { first, end, pageRows } = useRowWindow(scroller, rows.length)
  const at = selected === null ? -1 : rows.findIndex((row) => rowKey(row) === selected)
  const { template, minWidth } = gridColumns(columns)
  useFocusOnMount(scroller, props.focusOnMount ?? false)

  const atEnd = rows.length > 0 && end >= rows.length
  const onEnd = useEffectEvent(() => props.onEnd?.())
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that were added may all fit, and more are wanted then
  useEffect(() => {
    if (atEnd) onEnd()
  }, [atEnd, rows.length])

  const select = (index: number) => {
    const target = Math.max(0, Math.min(rows.length - 1, index))
    const row = rows[target]
    if (!row || !onSelect) return
    onSelect(rowKey(row))
    reveal(scroller.current, target)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (isOfButton(event)) return
    const current = rows[at]
    const target = placeByKey(event.key, at, rows.length, pageRows)
    if (target !== undefined && onSelect) {
      event.preventDefault()
      select(target)
    } else if (event.key === 'Enter' && current && onOpen) {
      event.preventDefault()
      onOpen(current)
    } else if (event.key === 'Escape' && props.onEscape) {
      event.preventDefault()
      props.onEscape()
    } else if (current) {
      props.onKey?.(event, current)
    }
  }

  return (
    <Grid
      scroller={scroller}
      label={props.label}
      count={rows.length}
      first={first}
      end={end}
      at={at}
      template={template}
      minWidth={minWidth}
      head={
        <div className="table-head" role="row" style={{ gridTemplateColumns: template, minWidth }}>
          {columns.map((column) => (
            <Head key={column.key} column={column} sort={props.sort ?? null} onSort={props.onSort} />
          ))}
        </div>
      }
      empty={props.empty}
      row={(index, place) => {
        const row = rows[index]
        if (!row) return null
        return (
          <GridRow
            key={rowKey(row)}
            place={place}
            row={row}
            columns={columns}
            selected={onSelect ? index === at : undefined}
            className={onOpen ? 'table-row table-row-opens' : 'table-row'}
            onClick={() => onSelect?.(rowKey(row))}
            onDoubleClick={() => onOpen?.(row)}
            attributes={props.attributes?.(row)}
          />
        )
      }}
      onKeyDown={onKeyDown}
      testId={props.testId}
    />
  )
}

const marks = { ascending: '▲', descending: '▼' }

function Head<Row>(props: {
  column: Column<Row>
  sort: Sort | null
  onSort: ((column: string) => void) | undefined
}) {
  const { column, onSort } = props
  const direction = props.sort?.column === column.key ? props.sort.direction : null
  const sorts = onSort !== undefined && isSortable(column)
  return (
    <span
      role="columnheader"
      className="table-cell"
      aria-sort={sorts ? (direction ?? 'none') : undefined}
      data-column={column.key}
    >
      {sorts ? (
        <button type="button" className="table-sort" onClick={() => onSort(column.key)}>
          <span>{column.title}</span>
          <span className="table-sort-mark" aria-hidden="true">
            {direction && marks[direction]}
          </span>
        </button>
      ) : (
        column.title
      )}
    </span>
  )
}
