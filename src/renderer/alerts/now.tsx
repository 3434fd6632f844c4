import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { useClock } from '../bridge/index.ts'

const NowContext = createContext<number | null>(null)

/** One clock for all countdowns below: once a second, and only they are drawn again. */
export function NowProvider({ children }: { children: ReactNode }) {
  const clock = useClock()
  const [now, setNow] = useState(clock)
  useEffect(() => {
    setNow(clock())
    const timer = setInterval(() => setNow(clock()), 1_000)
    return () => clearInterval(timer)
  }, [clock])
  return <NowContext value={now}>{children}</NowContext>
}

/** Epoch ms, a second fresh. */
export function useNow(): number {
  const now = useContext(NowContext)
  if (now === null) throw new Error('NowProvider is missing above this component')
  return now
}
