// biome-ignore-all lint/a11y/useSemanticElements: rows stand by their offset, which table elements do not do
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names the active row
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useId,
  useLayoutEffect,
  useRef,
} from 'react'
import type { Column } from './column.ts'
import { isSortable, type Sort } from './sort.ts'
import { useVisibleRows } from './visible-rows.ts'
import './data-table.css'
import './list-screen.css'

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

const rowHeight = 32

/**
 * A dense table with rows of one height, of which only the visible ones exist in the page.
 * Keyboard: ↑ ↓ Home End PageUp PageDown move, Enter opens. (antd's table measures scroll bars with a style that carries
 * no nonce, which the CSP refuses.)
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, columns, rowKey, selected = null, onSelect, onOpen } = props
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const { first, end, pageRows } = useVisibleRows(scroller, rows.length, rowHeight)
  const at = selected === null ? -1 : rows.findIndex((row) => rowKey(row) === selected)
  const template = columns
    .map(({ width, grow = 0 }) => (grow > 0 ? `minmax(${width}px, ${grow}fr)` : `${width}px`))
    .join(' ')
  const minWidth = columns.reduce((sum, column) => sum + column.width, 0)

  useLayoutEffect(() => {
    // Rows that arrive late take nobody out of a menu or a dialog that was opened meanwhile.
    const elsewhere = document.activeElement?.closest('[role=menu], [role=dialog]')
    if (props.focusOnMount && !elsewhere) scroller.current?.focus({ preventScroll: true })
  }, [props.focusOnMount])

  const atEnd = rows.length > 0 && end >= rows.length
  const onEnd = useEffectEvent(() => props.onEnd?.())
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that were added may all fit, and more are wanted then
  useEffect(() => {
    if (atEnd) onEnd()
  }, [atEnd, rows.length])

  const select = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))]
    if (!row || !onSelect) return
    onSelect(rowKey(row))
    reveal(scroller.current, rows.indexOf(row))
  }

  const onKeyDown = (event: KeyboardEvent) => {
    // A button in the head or in a cell has its own Enter and Space.
    if (event.target instanceof HTMLButtonElement && (event.key === 'Enter' || event.key === ' ')) return
    const current = rows[at]
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? rows.length - 1 : at - 1,
      PageDown: at + pageRows,
      PageUp: at - pageRows,
      Home: 0,
      End: rows.length - 1,
    }
    const target = moves[event.key]
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
    <div
      ref={scroller}
      className="table"
      role="grid"
      aria-label={props.label}
      aria-rowcount={rows.length}
      aria-activedescendant={at >= first && at < end ? `${id}-${at}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid={props.testId}
    >
      <div className="table-head" role="row" style={{ gridTemplateColumns: template, minWidth }}>
        {columns.map((column) => (
          <Head key={column.key} column={column} sort={props.sort ?? null} onSort={props.onSort} />
        ))}
      </div>
      {rows.length === 0 ? (
        <div role="row">
          <div role="gridcell" className="table-empty">
            {props.empty}
          </div>
        </div>
      ) : (
        <div className="table-body" role="rowgroup" style={{ height: rows.length * rowHeight, minWidth }}>
          {rows.slice(first, end).map((row, offset) => {
            const index = first + offset
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid itself has the keyboard
              <div
                key={rowKey(row)}
                id={`${id}-${index}`}
                role="row"
                aria-rowindex={index + 1}
                aria-selected={onSelect ? index === at : undefined}
                className={onOpen ? 'table-row table-row-opens' : 'table-row'}
                style={{ gridTemplateColumns: template, top: index * rowHeight, height: rowHeight }}
                onClick={() => onSelect?.(rowKey(row))}
                onDoubleClick={() => onOpen?.(row)}
                {...props.attributes?.(row)}
              >
                {columns.map((column) => (
                  <span key={column.key} role="gridcell" className="table-cell">
                    {column.render(row)}
                  </span>
                ))}
              </div>
            )
          })}
        </div>
      )}
    </div>
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

/** Scrolls as little as needed for a row to show below the head. */
export function reveal(scroller: HTMLElement | null, index: number) {
  if (!scroller) return
  const top = index * rowHeight
  const room = scroller.clientHeight - rowHeight
  if (top < scroller.scrollTop) scroller.scrollTop = top
  else if (top + rowHeight > scroller.scrollTop + room) scroller.scrollTop = top + rowHeight - room
}
