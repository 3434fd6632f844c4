import { useEffect, useState } from 'react'
import { useClock } from '../../bridge/index.ts'

/** The time, anew every `everyMs`: for what ends, and for how long is left. */
export function useNow(everyMs = 15_000): number {
  const clock = useClock()
  const [now, setNow] = useState(clock)
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), everyMs)
    return () => clearInterval(timer)
  }, [clock, everyMs])
  return now
}
