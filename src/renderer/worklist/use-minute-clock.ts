import { useEffect, useState } from 'react'
import { useClock } from '../bridge/index.ts'

/** The time, read anew twice a minute: for waiting times. */
export function useMinuteClock(): number {
  const clock = useClock()
  const [now, setNow] = useState(clock)
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), 30_000)
    return () => clearInterval(timer)
  }, [clock])
  return now
}
