import { type PointerEvent, useState } from 'react'
import type { ImageView } from '../stage/image-view.ts'
import type { Cursor } from './panes-context.ts'

/** Shift and the pointer over a pane: the other panes show the same place in the patient and mark it. */
export function useCursor(views: readonly (ImageView | null)[]): {
  cursor: Cursor | null
  onPointerMove(event: PointerEvent<HTMLElement>): void
  onPointerLeave(): void
} {
  const [cursor, setCursor] = useState<Cursor | null>(null)
  return {
    cursor,
    onPointerMove(event) {
      const pane = (event.target as HTMLElement).closest<HTMLElement>('.vigil-viewer-pane')
      const number = Number(pane?.dataset.pane ?? 0)
      const view = event.shiftKey && event.buttons === 0 ? views[number - 1] : null
      const plane = view?.plane()
      const box = pane?.getBoundingClientRect()
      const point = view && plane && box && view.fromCanvas(event.clientX - box.left, event.clientY - box.top)
      if (!plane || !point) {
        if (cursor) setCursor(null)
        return
      }
      setCursor({ frameOfReference: plane.frameOfReference, point, number })
      for (const other of views)
        if (other && other !== view && other.plane()?.frameOfReference === plane.frameOfReference)
          other.showNearest(point)
    },
    onPointerLeave: () => setCursor(null),
  }
}
