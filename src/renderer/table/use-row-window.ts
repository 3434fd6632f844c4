import { type RefObject, useCallback, useLayoutEffect, useState } from 'react'
import { rowsInView } from './visible-rows.ts'

/** Which rows are to be drawn of a list that may be very long; `look` reads the scroller again at once. */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, count: number, rowHeight: number) {
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
  return { ...rowsInView(view.top, view.height, count, rowHeight), atTop: view.top === 0, visible, look }
}
