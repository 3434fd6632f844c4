import { type RefObject, useLayoutEffect, useState } from 'react'

/** Rows drawn beyond the visible ones, so that scrolling does not show gaps. */
const margin = 8

/** Which rows of a scroller with equal rows are to be drawn: `first` inclusive, `end` exclusive. */
export function rowsInView(scrollTop: number, height: number, count: number, rowHeight: number) {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - margin)
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + margin)
  return { first: Math.min(first, end), end, pageRows: Math.max(1, Math.floor(height / rowHeight) - 2) }
}

export function useVisibleRows(scroller: RefObject<HTMLElement | null>, count: number, rowHeight: number) {
  const [view, setView] = useState({ top: 0, height: 0 })
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight })
    look()
    element.addEventListener('scroll', look, { passive: true })
    const size = new ResizeObserver(look)
    size.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      size.disconnect()
    }
  }, [scroller])
  return rowsInView(view.top, view.height, count, rowHeight)
}
