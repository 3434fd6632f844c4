import { type RefObject, useEffect } from 'react'
import type { LeftTool } from '../stage/pointer-tools.ts'
import type { VolumeView } from './volume-view.ts'

type Drag = 'window' | 'pan' | 'zoom' | 'cross'

/** How near to the crossing lines a press takes hold of them, CSS pixels. */
const grip = 6
/** Thickness by the wheel, mm for a notch. */
const thicker = 2

/** What a press of a button begins: as in stacks, and the crossing lines where the press is on them. */
export function dragOf(button: number, tool: LeftTool, onLines: boolean): Drag | null {
  if (button === 1) return 'pan'
  if (button === 2) return 'zoom'
  if (button !== 0) return null
  if (onLines || tool === 'select') return 'cross'
  return tool === 'window' || tool === 'pan' || tool === 'zoom' ? tool : null
}

/** The mouse over a plane: window, pan and zoom as in stacks, the crossing lines, and the slab's thickness by Ctrl and the wheel. */
export function useVolumePointer(
  view: VolumeView | null,
  tool: LeftTool,
  canvas: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    const surface = canvas.current
    if (!view || !surface) return
    const end = new AbortController()
    const { signal } = end
    let drag: Drag | null = null
    let last: readonly [number, number] = [0, 0]
    const at = (event: PointerEvent): readonly [number, number] => {
      const box = surface.getBoundingClientRect()
      return [event.clientX - box.left, event.clientY - box.top]
    }
    const onLines = ([x, y]: readonly [number, number]) => {
      const cross = view.toCanvas(view.volume.cursor())
      return cross !== null && (Math.abs(cross[0] - x) <= grip || Math.abs(cross[1] - y) <= grip)
    }
    surface.addEventListener(
      'pointerdown',
      (event) => {
        last = at(event)
        drag = dragOf(event.button, tool, event.shiftKey || onLines(last))
        if (!drag) return
        event.preventDefault()
        surface.setPointerCapture(event.pointerId)
        if (drag === 'cross') view.pick(...last)
      },
      { signal },
    )
    surface.addEventListener(
      'pointermove',
      (event) => {
        if (!drag) {
          surface.style.cursor = onLines(at(event)) ? 'move' : ''
          return
        }
        const now = at(event)
        const [dx, dy] = [now[0] - last[0], now[1] - last[1]]
        last = now
        if (drag === 'cross') view.pick(...now)
        else if (drag === 'pan') view.pan([dx, dy])
        else if (drag === 'zoom') {
          const zoom = (view.presentation()?.zoom ?? 1) * Math.exp(-dy / 150)
          view.present({ zoom: Math.max(0.1, Math.min(40, zoom)) })
        } else {
          const window = view.state().window
          // A hundredth of the range for a pixel would be too coarse for brain and too fine for PET: it goes by the width.
          const pace = window ? Math.max(0.01, window.width / 300) : 1
          if (window) view.setWindow(window.centre + dy * pace, window.width + dx * pace * 2)
        }
      },
      { signal },
    )
    const stop = () => {
      drag = null
    }
    for (const name of ['pointerup', 'pointercancel', 'lostpointercapture'] as const)
      surface.addEventListener(name, stop, { signal })
    // Before the pane's own wheel, which scrolls.
    surface.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey) return
        event.preventDefault()
        event.stopPropagation()
        view.setSlab({ thickness: view.state().slab.thickness - Math.sign(event.deltaY) * thicker })
      },
      { passive: false, signal },
    )
    return () => {
      end.abort()
      surface.style.cursor = ''
    }
  }, [view, tool, canvas])
}
