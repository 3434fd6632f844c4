// biome-ignore-all lint/a11y/noStaticElementInteractions: the role comes with the row's place
// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: the same
// biome-ignore-all lint/a11y/useSemanticElements: rows stand by their offset, which table elements do not do
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names the active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid itself has the keyboard
import {
  type HTMLAttributes,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useId,
  useLayoutEffect,
} from 'react'
import type { Column } from './column.ts'
import { rowHeight } from './row-window.ts'
import './grid.css'
import './list-screen.css'

/** How the columns share the width of a row, for CSS, and the width in px below which the table scrolls. */
export function gridColumns<Row>(columns: readonly Column<Row>[]) {
  return {
    template: columns
      .map(({ width, grow = 0 }) => (grow > 0 ? `minmax(${width}px, ${grow}fr)` : `${width}px`))
      .join(' '),
    minWidth: columns.reduce((sum, column) => sum + column.width, 0),
  }
}

/** Where a key takes the selection, which stands `at` (-1: nowhere); undefined for other keys. It may be beyond the ends. */
export function placeByKey(key: string, at: number, count: number, pageRows: number): number | undefined {
  const places: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at < 0 ? count - 1 : at - 1,
    PageDown: at + pageRows,
    PageUp: at - pageRows,
    Home: 0,
    End: count - 1,
  }
  return places[key]
}

/** A button in the head or in a cell has its own Enter and Space. */
export function isOfButton(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLButtonElement && (event.key === 'Enter' || event.key === ' ')
}

/** Gives the table the focus when it appears. Rows that arrive late take nobody out of a menu or a dialog that was opened meanwhile. */
export function useFocusOnMount(scroller: RefObject<HTMLElement | null>, wanted: boolean): void {
  useLayoutEffect(() => {
    const elsewhere = document.activeElement?.closest('[role=menu], [role=dialog]')
    if (wanted && !elsewhere) scroller.current?.focus({ preventScroll: true })
  }, [scroller, wanted])
}

/** What the grid says of a row's element: its id, number and offset. */
type RowPlace = HTMLAttributes<HTMLDivElement>

interface GridProps {
  scroller: RefObject<HTMLDivElement | null>
  label: string
  count: number
  /** The rows to be drawn, and where the selection stands, -1 for none. */
  first: number
  end: number
  at: number
  minWidth: number
  head: ReactNode
  /** Shown below the head in place of rows. */
  empty: ReactNode
  /** One row; `place` is for its element. */
  row: (index: number, place: RowPlace) => ReactNode
  template: string
  onKeyDown: (event: KeyboardEvent) => void
  testId: string
}

/** What every table draws: its head, and of the rows those in sight, each at its offset. */
export function Grid({ scroller, count, first, end, at, minWidth, ...props }: GridProps) {
  const id = useId()
  return (
    <div
      ref={scroller}
      className="table"
      role="grid"
      aria-label={props.label}
      aria-rowcount={count}
      aria-activedescendant={at >= first && at < end ? `${id}-${at}` : undefined}
      tabIndex={0}
      onKeyDown={props.onKeyDown}
      data-testid={props.testId}
    >
      {props.head}
      {count === 0 ? (
        <div role="row">
          <div role="gridcell" className="table-empty">
            {props.empty}
          </div>
        </div>
      ) : (
        <div className="table-body" role="rowgroup" style={{ height: count * rowHeight, minWidth }}>
          {Array.from({ length: end - first }, (_, offset) => {
            const index = first + offset
            return props.row(index, {
              id: `${id}-${index}`,
              role: 'row',
              'aria-rowindex': index + 1,
              style: { gridTemplateColumns: props.template, top: index * rowHeight, height: rowHeight },
            })
          })}
        </div>
      )}
    </div>
  )
}

interface GridRowProps<Row> {
  place: RowPlace
  row: Row
  columns: readonly Column<Row>[]
  /** Undefined in a table that selects nothing. */
  selected: boolean | undefined
  className: string
  /** A cell that is cut off shows its column's text under the pointer. */
  titled?: boolean
  onClick: () => void
  onDoubleClick?: (() => void) | undefined
  attributes?: Record<`data-${string}`, string> | undefined
}

export function GridRow<Row>({ row, columns, titled, ...props }: GridRowProps<Row>) {
  return (
    <div
      {...props.place}
      aria-selected={props.selected}
      className={props.className}
      onClick={props.onClick}
      onDoubleClick={props.onDoubleClick}
      {...props.attributes}
    >
      {columns.map((column) => (
        <span
          key={column.key}
          role="gridcell"
          className="table-cell"
          data-cell={column.key}
          title={(titled && column.text?.(row)) || undefined}
        >
          {column.render(row)}
        </span>
      ))}
    </div>
  )
}

/** A row that has not come. */
export function WaitingRow(props: { place: RowPlace; selected: boolean; onClick: () => void }) {
  return (
    <div
      {...props.place}
      aria-selected={props.selected}
      aria-busy="true"
      className="table-row list-row-waiting"
      onClick={props.onClick}
    >
      <span role="gridcell" className="table-cell">
        <span className="list-waiting-bar" />
      </span>
    </div>
  )
}
