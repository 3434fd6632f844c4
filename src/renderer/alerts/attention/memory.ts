import { createContext, useContext, useState } from 'react'
import { useBridgeEvent, useClock } from '../../bridge/index.ts'
import { type AttentionMemory, type AttentionStep, nextMemory, nothingHeard } from './notices.ts'

export interface Attention {
  memory: AttentionMemory
  step: (step: AttentionStep) => void
}

export const AttentionContext = createContext<Attention | null>(null)

export function useAttention(): Attention {
  const attention = useContext(AttentionContext)
  if (!attention) throw new Error('AttentionContext is missing above this component')
  return attention
}

/** What one session has been told: held above the workspace, so that what comes while it is locked is there afterwards. Null is no session. */
export function useAttentionMemory(session: string | null): Attention {
  const clock = useClock()
  const [kept, setKept] = useState({ session, memory: nothingHeard })
  const step = (taken: AttentionStep) =>
    setKept((before) => ({
      session,
      memory: nextMemory(before.session === session ? before.memory : nothingHeard, taken),
    }))
  useBridgeEvent('alert-attention', ({ alertId, why, level }) => {
    if (session !== null) step({ kind: 'heard', alertId, why, level, at: clock() })
  })
  return { memory: kept.session === session ? kept.memory : nothingHeard, step }
}
