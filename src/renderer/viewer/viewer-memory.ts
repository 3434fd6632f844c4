import type { Arrangement } from './hanging/arrangement.ts'
import type { Places } from './parts/use-pane-view.ts'

/** How an exam was left on the screen: kept by the host while the exam may be come back to. It names UIDs only. */
export interface ViewerMemory {
  arrangement: Arrangement | null
  places: Places
}

export function createViewerMemory(): ViewerMemory {
  return { arrangement: null, places: new Map() }
}
