import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { drawShown } from '../capture/pane-pixels.ts'
import type { LayerProps } from '../parts/pane-layers.tsx'
import { scaled } from './affine.ts'
import type { Point } from './geometry.ts'
import { shownImage } from './view-map.ts'

const size = 240
const factor = 2.5

/** The image round the pointer, larger, while the left button is held: from its values, not from the screen's pixels. */
export function Magnifier({ view, tool, canvas }: LayerProps) {
  const [at, setAt] = useState<Point | null>(null)
  const glass = useRef<HTMLCanvasElement>(null)
  const on = tool === 'magnify'

  const follow = useEffectEvent((event: PointerEvent, down: boolean) => {
    if (!on || (down ? event.button !== 0 : at === null) || !shownImage(view)) return
    const box = canvas.current!.getBoundingClientRect()
    if (down) {
      event.preventDefault()
      canvas.current!.setPointerCapture(event.pointerId)
    }
    setAt([event.clientX - box.left, event.clientY - box.top])
  })
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const end = new AbortController()
    const { signal } = end
    element.addEventListener('pointerdown', (event) => follow(event, true), { capture: true, signal })
    element.addEventListener('pointermove', (event) => follow(event, false), { signal })
    for (const over of ['pointerup', 'pointercancel'] as const)
      element.addEventListener(over, () => setAt(null), { signal })
    return () => end.abort()
  }, [canvas])

  useEffect(() => {
    const shown = at && shownImage(view)
    const context = glass.current?.getContext('2d')
    if (!shown || !context) return
    const half = size / 2 / factor
    const toOut = scaled(shown.toPane, factor, [at[0] - half, at[1] - half])
    context.putImageData(drawShown(shown, toOut, { width: size, height: size }), 0, 0)
  }, [at, view])

  if (!at || !on) return null
  return (
    <canvas
      ref={glass}
      className="vigil-magnifier"
      data-testid="magnifier"
      width={size}
      height={size}
      style={{ left: at[0] - size / 2, top: at[1] - size / 2 }}
    />
  )
}
