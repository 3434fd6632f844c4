import { type RefObject, useCallback, useLayoutEffect, useState } from 'react'

/** Of every row, and of the head, in px. */
export const rowHeight = 32

/** Rows drawn beyond the visible ones, so that scrolling does not show gaps. */
const margin = 8

/** Which rows of a scroller with equal rows are to be drawn: `first` inclusive, `end` exclusive. */
export function rowsInView(scrollTop: number, height: number, count: number) {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - margin)
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + margin)
  return { first: Math.min(first, end), end, pageRows: Math.max(1, Math.floor(height / rowHeight) - 2) }
}

/** Which rows are to be drawn of a list that may be very long; `look` reads the scroller again at once. */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, count: number) {
  const [view, setView] = useState({ top: 0, height: 0 })
  const look = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const next = { top: element.scrollTop, height: element.clientHeight }
    setView((now) => (now.top === next.top && now.height === next.height ? now : next))
  }, [scroller])
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    look()
    element.addEventListener('scroll', look, { passive: true })
    const size = new ResizeObserver(look)
    size.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      size.disconnect()
    }
  }, [scroller, look])
  // The head covers one row's height.
  const visible = {
    top: Math.ceil(view.top / rowHeight),
    bottom: Math.min(count, Math.floor((view.top + view.height - rowHeight) / rowHeight)),
  }
  return { ...rowsInView(view.top, view.height, count), atTop: view.top === 0, visible, look }
}

/** Scrolls as little as needed for a row to show below the head. */
export function reveal(scroller: HTMLElement | null, index: number): void {
  if (!scroller) return
  const top = index * rowHeight
  const room = scroller.clientHeight - rowHeight
  if (top < scroller.scrollTop) scroller.scrollTop = top
  else if (top + rowHeight > scroller.scrollTop + room) scroller.scrollTop = top + rowHeight - room
}
