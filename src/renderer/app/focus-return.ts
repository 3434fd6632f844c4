import { useEffect, useState } from 'react'

/**
 * For a dialog that leaves the page when it closes: what had the focus before has it again, unless something else has taken it.
 * Otherwise the keyboard would be nowhere.
 */
export function useFocusReturn(): void {
  // At the first drawing: what is in the dialog takes the focus before any effect.
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      // After the dialog has left the page.
      setTimeout(() => {
        const free = document.activeElement === null || document.activeElement === document.body
        if (free && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
      })
    },
    [before],
  )
}
