import { type KeyboardEvent, useState } from 'react'
import { type Arrangement, largest } from '../hanging/arrangement.ts'
import { useSay } from '../texts/index.ts'
import { Icon } from './icons.tsx'
import { Popover } from './popover.tsx'

const sizes = Array.from({ length: largest }, (_, i) => i + 1)

/** Any rows × columns up to 4×4, by mouse, or by arrow keys and Enter. */
export function LayoutMenu(props: { arrangement: Arrangement; onGrid(rows: number, columns: number): void }) {
  const say = useSay()
  return (
    <Popover
      // With what is written on it, so that it can be asked for by that too.
      name={`${say('layout.choose')} ${say('layout.grid', { rows: props.arrangement.rows, columns: props.arrangement.columns })}`}
      label={
        <>
          <Icon name="grid" />
          <span className="vigil-viewer-button-label">
            {say('layout.grid', { rows: props.arrangement.rows, columns: props.arrangement.columns })}
          </span>
        </>
      }
      testId="layout-menu"
    >
      {(close) => (
        <Grid
          key={`${props.arrangement.rows}x${props.arrangement.columns}`}
          {...props}
          onGrid={(rows, columns) => {
            props.onGrid(rows, columns)
            close()
          }}
        />
      )}
    </Popover>
  )
}

const steps: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

function Grid(props: { arrangement: Arrangement; onGrid(rows: number, columns: number): void }) {
  const say = useSay()
  const { rows, columns } = props.arrangement
  const [over, setOver] = useState({ rows, columns })
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    event.stopPropagation()
    const next = {
      rows: Math.max(1, Math.min(largest, over.rows + step[0])),
      columns: Math.max(1, Math.min(largest, over.columns + step[1])),
    }
    setOver(next)
    event.currentTarget.querySelector<HTMLElement>(`[data-grid="${next.rows}x${next.columns}"]`)?.focus()
  }
  return (
    <div
      role="radiogroup"
      aria-label={say('layout.choose')}
      className="vigil-viewer-layout-grid"
      onKeyDown={onKeyDown}
    >
      {sizes.flatMap((row) =>
        sizes.map((column) => (
          // biome-ignore lint/a11y/useSemanticElements: a cell of the picker, which a radio input cannot be drawn as
          <button
            key={`${row}x${column}`}
            type="button"
            tabIndex={row === over.rows && column === over.columns ? 0 : -1}
            data-autofocus={row === rows && column === columns ? true : undefined}
            data-grid={`${row}x${column}`}
            data-in={row <= over.rows && column <= over.columns}
            aria-label={say('layout.grid', { rows: row, columns: column })}
            role="radio"
            aria-checked={row === rows && column === columns}
            onPointerEnter={() => setOver({ rows: row, columns: column })}
            onFocus={() => setOver({ rows: row, columns: column })}
            onClick={() => props.onGrid(row, column)}
          />
        )),
      )}
      <p>{say('layout.grid', { rows: over.rows, columns: over.columns })}</p>
    </div>
  )
}
