import { useEffect } from 'react'
import { useBridge, useClock } from '../bridge/index.ts'

const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'compositionupdate'] as const
const everyMs = 5_000

/** Tells main that the user is there: at the first input, and at most every five seconds from then on. */
export function useInputActivity(): void {
  const bridge = useBridge()
  const clock = useClock()
  useEffect(() => {
    let last = Number.NEGATIVE_INFINITY
    const report = () => {
      const now = clock()
      if (now - last < everyMs) return
      last = now
      void bridge.workstationActive()
    }
    const options = { capture: true, passive: true }
    for (const input of inputs) window.addEventListener(input, report, options)
    return () => {
      for (const input of inputs) window.removeEventListener(input, report, options)
    }
  }, [bridge, clock])
}
