import type { Arrangement } from './hanging/arrangement.ts'
import { createMeasureStore, type MeasureStore } from './measure/measure-store.ts'
import type { Places } from './parts/use-pane-view.ts'

/** How an exam was left on the screen: kept by the host while the exam may be come back to. No pixel is in it. */
export interface ViewerMemory {
  arrangement: Arrangement | null
  places: Places
  /** UIDs of the studies that were put beside the exam: panes may show their images. */
  compared: Set<string>
  /** What was measured and written on the images. */
  measured: MeasureStore
}

export function createViewerMemory(): ViewerMemory {
  return { arrangement: null, places: new Map(), compared: new Set(), measured: createMeasureStore() }
}
