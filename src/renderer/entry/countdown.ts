import { useEffect, useState } from 'react'
import { useClock } from '../bridge/index.ts'

/** Whole seconds until then, counting down; 0 where it is past, or null. */
export function useSecondsUntil(until: number | null): number {
  const clock = useClock()
  const [now, setNow] = useState(clock)
  useEffect(() => {
    if (until === null) return
    setNow(clock())
    const timer = setInterval(() => setNow(clock()), 500)
    return () => clearInterval(timer)
  }, [until, clock])
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1000))
}

/** 0:59, 12:05, 1:00:00. */
export function countdownText(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
