import { createContext, use, useMemo } from 'react'
import type { ViewerMemory } from '../viewer/index.ts'

/** How each exam was left on the screen, by study: for one session, over its locks. UIDs, places and measurements; no pixel. */
export type ViewerMemories = Map<string, ViewerMemory>

export const ViewerMemoriesContext = createContext<ViewerMemories>(new Map())

/** Empty ones for each session. */
export function useSessionMemories(session: string | null): ViewerMemories {
  // A new map for another session is the point.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  return useMemo(() => new Map(), [session])
}

/** The oldest are forgotten: nobody comes back to the two hundredth exam of the day to find its layout. */
const most = 40

export function useViewerMemory(study: string, create: () => ViewerMemory): ViewerMemory {
  const memories = use(ViewerMemoriesContext)
  return useMemo(() => {
    const known = memories.get(study) ?? create()
    memories.delete(study)
    memories.set(study, known)
    const [oldest] = memories.keys()
    if (memories.size > most && oldest !== undefined) memories.delete(oldest)
    return known
  }, [memories, study, create])
}
