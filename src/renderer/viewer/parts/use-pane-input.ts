import { type RefObject, useEffect } from 'react'
import type { ImageView } from '../stage/image-view.ts'
import type { LeftTool } from '../stage/pointer-tools.ts'

const notch = 40

/** Wheel steps: one for a notch, more for a fling; a touchpad's small moves add up. */
export function wheelSteps(accumulated: number): { steps: number; rest: number } {
  if (Math.abs(accumulated) < notch) return { steps: 0, rest: accumulated }
  return { steps: Math.sign(accumulated) * Math.max(1, Math.floor(Math.abs(accumulated) / 150)), rest: 0 }
}

/** Scrolling by wheel, and by left drag while that tool is chosen; no context menu, the right button zooms. */
export function usePaneInput(
  pane: RefObject<HTMLElement | null>,
  canvas: RefObject<HTMLElement | null>,
  view: ImageView | null,
  tool: LeftTool,
): void {
  useEffect(() => {
    const element = pane.current
    const surface = canvas.current
    if (!element || !surface || !view) return
    const end = new AbortController()
    const { signal } = end
    let turned = 0
    let dragged: number | null = null

    element.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault()
        const { steps, rest } = wheelSteps(turned + event.deltaY * (event.deltaMode === 0 ? 1 : notch))
        turned = rest
        if (steps !== 0) view.scroll(steps)
      },
      { passive: false, signal },
    )
    element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
    if (tool === 'scroll') {
      surface.addEventListener(
        'pointerdown',
        (event) => {
          if (event.button !== 0) return
          dragged = event.clientY
          surface.setPointerCapture(event.pointerId)
        },
        { signal },
      )
      surface.addEventListener(
        'pointermove',
        (event) => {
          if (dragged === null) return
          const step = Math.max(3, surface.clientHeight / Math.max(1, view.state().count) / 1.5)
          const moved = Math.trunc((event.clientY - dragged) / step)
          if (moved === 0) return
          dragged += moved * step
          view.scroll(moved)
        },
        { signal },
      )
      const stop = () => {
        dragged = null
      }
      surface.addEventListener('pointerup', stop, { signal })
      surface.addEventListener('pointercancel', stop, { signal })
    }
    return () => end.abort()
  }, [pane, canvas, view, tool])
}
