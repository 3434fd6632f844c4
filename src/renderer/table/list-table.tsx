import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import { type Standing, shiftOf } from './anchor.ts'
import { narrowest, widest } from './arrange.ts'
import type { Column } from './column.ts'
import { Grid, GridRow, gridColumns, isOfButton, placeByKey, useFocusOnMount, WaitingRow } from './grid.tsx'
import { type LayoutActions, ListHead } from './list-head.tsx'
import { reveal, rowHeight, useRowWindow } from './row-window.ts'
import type { Sort } from './sort.ts'
import './list-table.css'

/** A list of which the table need not have all rows. A new `rows` object is a changed list. */
export interface ListRows<Row> {
  count: number
  /** Undefined while it has not come. */
  at: (index: number) => Row | undefined
  /** The place of a row among those that have come; `near` is where it was. */
  placeOf: (key: string, near: number) => number | null
}

interface ListTableProps<Row> {
  label: string
  rows: ListRows<Row>
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  /** Where the selection stands, -1 for none. */
  selectedAt: number
  /** A row of any place, also of one that has not come. */
  onSelect: (index: number) => void
  onOpen: (row: Row) => void
  /** What is on the screen, and a little around it. */
  onLook: (first: number, end: number) => void
  attributes?: (row: Row) => Record<`data-${string}`, string>
  isFresh?: (key: string) => boolean
  sort: Sort | null
  sortable: (column: string) => boolean
  onSort: (column: string) => void
  layout: Omit<LayoutActions, 'fit'>
  /** Another list, to be read from its beginning, where this is another value. */
  listKey: unknown
  empty: ReactNode
  testId: string
}

interface Before<Row> {
  rows: ListRows<Row>
  listKey: unknown
  /** What was on the screen: the selected row first. */
  standing: readonly Standing[]
  /** At the top, with nothing selected in sight: it shows what comes in. */
  follows: boolean
}

/**
 * A dense table over a list of any length: only what is seen exists in the page, and what has not been fetched has a place. Where the
 * list changes, what one looks at stays where it is. Keyboard: ↑ ↓ Home End PageUp PageDown, Enter opens.
 */
export function ListTable<Row>(props: ListTableProps<Row>) {
  const { rows, columns, rowKey, selectedAt, onLook } = props
  const scroller = useRef<HTMLDivElement>(null)
  const { first, end, pageRows, visible, atTop, look } = useRowWindow(scroller, rows.count)
  const { template, minWidth } = gridColumns(columns)

  useEffect(() => onLook(first, end), [onLook, first, end])
  useFocusOnMount(scroller, true)
  // Coming back: the exam that one came from is in sight.
  const selectedFirst = useRef(selectedAt)
  useLayoutEffect(() => {
    if (selectedFirst.current >= 0) reveal(scroller.current, selectedFirst.current)
    look()
  }, [look])

  const before = useRef<Before<Row> | null>(null)
  useLayoutEffect(() => {
    const last = before.current
    const element = scroller.current
    if (last && last.listKey !== props.listKey && element) {
      element.scrollTop = 0
      look()
    } else if (last && last.rows !== rows && element) {
      // At the very top, what comes in shows; but not under a pointer that is about to press.
      const still = !last.follows || element.querySelector('.table-body:hover') !== null
      const shift = still ? shiftOf(last.standing, rows.placeOf) : 0
      if (shift !== 0) {
        element.scrollTop += shift * rowHeight
        look()
      }
    }
    const selectedSeen = selectedAt >= visible.top && selectedAt < visible.bottom
    const seen = Array.from({ length: Math.max(0, visible.bottom - visible.top) }, (_, n) => visible.top + n)
    const standing = [...(selectedSeen ? [selectedAt] : []), ...seen].flatMap((index) => {
      const row = rows.at(index)
      return row ? [{ key: rowKey(row), index }] : []
    })
    before.current = { rows, listKey: props.listKey, standing, follows: atTop && !selectedSeen }
  })

  const select = (index: number) => {
    const target = Math.max(0, Math.min(rows.count - 1, index))
    if (rows.count === 0) return
    props.onSelect(target)
    reveal(scroller.current, target)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (isOfButton(event)) return
    const target = placeByKey(event.key, selectedAt, rows.count, pageRows)
    const current = rows.at(selectedAt)
    if (target !== undefined) select(target)
    else if (event.key === 'Enter' && current && !event.repeat) props.onOpen(current)
    else return
    event.preventDefault()
  }

  return (
    <Grid
      scroller={scroller}
      label={props.label}
      count={rows.count}
      first={first}
      end={end}
      at={selectedAt}
      template={template}
      minWidth={minWidth}
      head={
        <ListHead
          columns={columns}
          template={template}
          minWidth={minWidth}
          sort={props.sort}
          sortable={props.sortable}
          onSort={props.onSort}
          layout={{
            ...props.layout,
            fit: (key) => props.layout.resize(key, contentWidth(scroller.current, key), true),
          }}
        />
      }
      empty={props.empty}
      row={(index, place) => {
        const row = rows.at(index)
        const shared = { place, selected: index === selectedAt, onClick: () => select(index) }
        if (!row) return <WaitingRow key={`waiting-${index}`} {...shared} />
        const key = rowKey(row)
        return (
          <GridRow
            key={key}
            {...shared}
            row={row}
            columns={columns}
            titled
            className={
              props.isFresh?.(key) ? 'table-row table-row-opens list-row-fresh' : 'table-row table-row-opens'
            }
            onDoubleClick={() => props.onOpen(row)}
            attributes={props.attributes?.(row)}
          />
        )
      }}
      onKeyDown={onKeyDown}
      testId={props.testId}
    />
  )
}

/** The width of the widest of what stands in a column now, with its padding, in px. */
function contentWidth(table: HTMLElement | null, key: string): number {
  const cells =
    table?.querySelectorAll(`[data-cell="${key}"], [data-column="${key}"] .table-sort > span`) ?? []
  const range = document.createRange()
  const widths = [...cells].map((cell) => {
    range.selectNodeContents(cell)
    const { paddingLeft, paddingRight } = getComputedStyle(cell)
    const padding = cell.hasAttribute('data-cell')
      ? Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight)
      : 32
    return range.getBoundingClientRect().width + padding + 1
  })
  return Math.min(widest, Math.max(narrowest, Math.ceil(Math.max(0, ...widths))))
}
