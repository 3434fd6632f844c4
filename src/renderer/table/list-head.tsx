// biome-ignore-all lint/a11y/useSemanticElements: heads of a grid of rows that stand by their offset
// biome-ignore-all lint/a11y/useFocusableInteractive: the button inside has the focus
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from './column.ts'
import type { Sort } from './sort.ts'

/** What a person does to the columns. */
export interface LayoutActions {
  moveBefore: (key: string, before: string | null) => void
  moveBy: (key: string, by: -1 | 1) => void
  /** While it is dragged, not `final`. */
  resize: (key: string, width: number, final: boolean) => void
  /** As wide as what stands in it. */
  fit: (key: string) => void
}

interface ListHeadProps<Row> {
  columns: readonly Column<Row>[]
  template: string
  minWidth: number
  sort: Sort | null
  sortable: (column: string) => boolean
  onSort: (column: string) => void
  layout: LayoutActions
}

const marks = { ascending: '▲', descending: '▼' }

/** How far a pointer moves before a press on a head becomes a drag, in px. */
const dragFrom = 6

/**
 * Heads that sort by a click, move by dragging, and widen by their right edge (a double click fits). By keyboard: one stop of Tab,
 * ← → go from head to head, Enter sorts, Shift+← → move the column, Ctrl+← → change its width, Ctrl+Enter fits it.
 */
export function ListHead<Row>(props: ListHeadProps<Row>) {
  const { columns, layout } = props
  const row = useRef<HTMLDivElement>(null)
  const [stop, setStop] = useState('')
  const [drop, setDrop] = useState<{ key: string; before: string | null } | null>(null)
  const tabStop = columns.some(({ key }) => key === stop) ? stop : columns[0]?.key

  const focus = (key: string | undefined) => {
    if (key === undefined) return
    setStop(key)
    row.current?.querySelector<HTMLElement>(`[data-column="${key}"] button`)?.focus()
  }
  const width = (key: string) =>
    row.current?.querySelector(`[data-column="${key}"]`)?.getBoundingClientRect().width ?? 100

  const onKeyDown = (event: KeyboardEvent, key: string) => {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : null
    if (event.altKey) return
    if (event.key === 'Enter' && event.ctrlKey) layout.fit(key)
    else if (by === null) return
    else if (event.shiftKey) layout.moveBy(key, by)
    else if (event.ctrlKey) layout.resize(key, width(key) + by * 12, true)
    else focus(columns[columns.findIndex((each) => each.key === key) + by]?.key)
    event.preventDefault()
    event.stopPropagation()
  }

  /** Before which column a pointer at `x` would drop; null is after the last. */
  const beforeAt = (x: number): string | null => {
    for (const { key } of columns) {
      const box = row.current?.querySelector(`[data-column="${key}"]`)?.getBoundingClientRect()
      if (box && x < box.left + box.width / 2) return key
    }
    return null
  }

  const drag = (event: PointerEvent<HTMLElement>, key: string) => {
    if (event.button !== 0) return
    const from = event.clientX
    let dragging = false
    const move = ({ clientX }: globalThis.PointerEvent) => {
      dragging ||= Math.abs(clientX - from) > dragFrom
      if (dragging) setDrop({ key, before: beforeAt(clientX) })
    }
    const end = ({ type, clientX }: globalThis.PointerEvent) => {
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', end)
      window.removeEventListener('pointercancel', end)
      setDrop(null)
      if (!dragging) return
      // The click that follows a drag sorts nothing.
      const swallow = (click: Event) => click.stopPropagation()
      window.addEventListener('click', swallow, { capture: true, once: true })
      setTimeout(() => window.removeEventListener('click', swallow, { capture: true }))
      if (type === 'pointerup') layout.moveBefore(key, beforeAt(clientX))
    }
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', end)
    window.addEventListener('pointercancel', end)
  }

  return (
    <div
      ref={row}
      className="table-head"
      role="row"
      style={{ gridTemplateColumns: props.template, minWidth: props.minWidth }}
    >
      {columns.map((column) => (
        <Head
          key={column.key}
          column={column}
          direction={props.sort?.column === column.key ? props.sort.direction : null}
          sorts={props.sortable(column.key)}
          tabStop={column.key === tabStop}
          dropHere={drop?.before === column.key}
          dropLast={drop !== null && drop.before === null && column === columns.at(-1)}
          dragged={drop?.key === column.key}
          onFocus={() => setStop(column.key)}
          onSort={() => props.onSort(column.key)}
          onKeyDown={(event) => onKeyDown(event, column.key)}
          onDrag={(event) => drag(event, column.key)}
          onResize={(next, final) => layout.resize(column.key, next, final)}
          onFit={() => layout.fit(column.key)}
        />
      ))}
    </div>
  )
}

interface HeadProps<Row> {
  column: Column<Row>
  direction: Sort['direction'] | null
  sorts: boolean
  tabStop: boolean
  dropHere: boolean
  dropLast: boolean
  dragged: boolean
  onFocus: () => void
  onSort: () => void
  onKeyDown: (event: KeyboardEvent) => void
  onDrag: (event: PointerEvent<HTMLElement>) => void
  onResize: (width: number, final: boolean) => void
  onFit: () => void
}

function Head<Row>(props: HeadProps<Row>) {
  const { t } = useTranslation()
  const { column, direction } = props
  const classes = [
    'table-cell list-head',
    props.dropHere ? 'list-head-drop' : '',
    props.dropLast ? 'list-head-drop-after' : '',
    props.dragged ? 'list-head-dragged' : '',
  ]
  const resize = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return
    event.stopPropagation()
    const grip = event.currentTarget
    const from = event.clientX
    const width = grip.parentElement?.getBoundingClientRect().width ?? 100
    grip.setPointerCapture(event.pointerId)
    const move = ({ clientX }: globalThis.PointerEvent) => props.onResize(width + clientX - from, false)
    const end = ({ clientX }: globalThis.PointerEvent) => {
      if (clientX !== from) props.onResize(width + clientX - from, true)
      grip.removeEventListener('pointermove', move)
      grip.removeEventListener('pointerup', end)
      grip.removeEventListener('pointercancel', end)
    }
    grip.addEventListener('pointermove', move)
    grip.addEventListener('pointerup', end)
    grip.addEventListener('pointercancel', end)
  }
  return (
    <span
      role="columnheader"
      className={classes.filter(Boolean).join(' ')}
      aria-sort={props.sorts ? (direction ?? 'none') : undefined}
      data-column={column.key}
    >
      <button
        type="button"
        className="table-sort"
        tabIndex={props.tabStop ? 0 : -1}
        title={t(props.sorts ? 'worklistRoom.headHint' : 'worklistRoom.headHintPlain')}
        onClick={props.sorts ? props.onSort : undefined}
        onFocus={props.onFocus}
        onKeyDown={props.onKeyDown}
        onPointerDown={props.onDrag}
      >
        <span>{column.title}</span>
        <span className="table-sort-mark" aria-hidden="true">
          {direction && marks[direction]}
        </span>
      </button>
      <span
        className="list-head-edge"
        aria-hidden="true"
        onPointerDown={resize}
        onDoubleClick={props.onFit}
        data-testid="column-edge"
      />
    </span>
  )
}
