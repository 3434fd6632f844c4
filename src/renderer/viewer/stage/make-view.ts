import type { Showing } from '../hanging/arrangement.ts'
import type { OpenSet, ViewerSession } from '../session.ts'
import { createVolumeView } from '../volume/volume-view.ts'
import type { ImageView, ViewPlace } from './image-view.ts'
import { createStackView } from './stack-view.ts'

export interface ViewParts {
  session: ViewerSession
  open: OpenSet
  /** The pane's viewport id. */
  pane: string
  element: HTMLDivElement
  start?: Partial<ViewPlace> | undefined
}

/** The view that shows a series as it is asked for. @throws ImageProblem where the series cannot be shown so */
export function makeView(as: Showing['as'], parts: ViewParts): ImageView {
  switch (as) {
    case 'stack':
      return createStackView(parts)
    default:
      return createVolumeView(as, parts)
  }
}
