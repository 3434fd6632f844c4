import { useRef } from 'react'
import type { FigureState } from './figure-drawing.tsx'
import type { Point } from './geometry.ts'
import { useMeasuring } from './measure-scope.tsx'
import type { Box } from './place-labels.ts'

/** A measurement's text on the image. A press selects it; dragged, it stays where it is put. */
export function Label(props: {
  id: string
  lines: readonly string[]
  box: Box
  offset: Point | null
  state: FigureState
}) {
  const { store } = useMeasuring()
  const { id, box, lines, state } = props
  const grip = useRef<{ x: number; y: number; offset: Point } | null>(null)
  return (
    <div
      className="vigil-viewer-measurement"
      data-measurement={id}
      data-state={state}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
      onPointerDown={(event) => {
        if (event.button !== 0 || state === 'drawn') return
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        store.select(id)
        grip.current = { x: event.clientX, y: event.clientY, offset: props.offset ?? [0, 0] }
      }}
      onPointerMove={(event) => {
        if (!grip.current) return
        const { x, y, offset } = grip.current
        if (!props.offset && Math.hypot(event.clientX - x, event.clientY - y) < 4) return
        store.moveLabel(id, [offset[0] + event.clientX - x, offset[1] + event.clientY - y])
      }}
      onPointerUp={() => {
        grip.current = null
      }}
      onPointerCancel={() => {
        grip.current = null
      }}
    >
      {lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <span key={i}>{line}</span>
      ))}
    </div>
  )
}
