import { useEffect } from 'react'

/** The window's title as the task bar shows it while something waits: a count or a mark, never what it is about. */
export function useTitleMark(title: string | null): void {
  useEffect(() => {
    if (title === null) return
    const usual = document.title
    document.title = title
    return () => {
      document.title = usual
    }
  }, [title])
}
