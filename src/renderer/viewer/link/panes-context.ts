import { createContext } from 'react'
import type { Triple } from '../dicom/plane.ts'
import type { ImageView } from '../stage/image-view.ts'

/** A point in the patient that is pointed at in one pane and shown in the others (3D cursor). */
export interface Cursor {
  frameOfReference: string
  point: Triple
  /** The pane that it is pointed at in, counted from 1. */
  number: number
}

/** What a layer knows of the panes around its own. */
export interface Panes {
  active: ImageView | null
  crosslines: boolean
  cursor: Cursor | null
}

export const PanesContext = createContext<Panes>({ active: null, crosslines: false, cursor: null })
