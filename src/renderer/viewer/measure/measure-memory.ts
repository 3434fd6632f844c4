import { createContext, useState } from 'react'
import { createMeasureStore, type MeasureStore } from './measure-store.ts'

/** The measurements of the studies of one session, by Study Instance UID. */
export interface MeasureMemory {
  of(study: string): MeasureStore
}

export function createMeasureMemory(): MeasureMemory {
  const stores = new Map<string, MeasureStore>()
  return {
    of(study) {
      const store = stores.get(study) ?? createMeasureStore()
      stores.set(study, store)
      return store
    },
  }
}

/** Above what a lock takes away, so that it is there again after it. */
export const MeasureMemoryContext = createContext<MeasureMemory | null>(null)

/** One session's measurements; another session, or none, begins with nothing. */
export function useMeasureMemory(session: string | null): MeasureMemory {
  const [kept, setKept] = useState(() => ({ session, memory: createMeasureMemory() }))
  if (kept.session === session) return kept.memory
  const next = { session, memory: createMeasureMemory() }
  setKept(next)
  return next.memory
}
