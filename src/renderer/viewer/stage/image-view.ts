import type { Triple } from '../dicom/plane.ts'
import type { Window } from '../dicom/voi.ts'
import type { EdgeLetters } from '../display/orientation.ts'
import type { ImageRecord } from '../load/image-record.ts'
import type { ImageProblem } from '../problem.ts'

/** The plane on screen in the patient's LPS system, in mm: what linking, crosslines and the 3D cursor go by. */
export interface ShownPlane {
  /** Frame of Reference UID (0020,0052): positions compare only within one. */
  frameOfReference: string
  /** A corner of the picture; `row` and `column` are unit directions along the rows and down the columns. */
  position: Triple
  row: Triple
  column: Triple
  /** Size of the picture in mm, along the rows and down the columns. */
  width: number
  height: number
}

/** How a picture is laid on its pane, against the fit: cornerstone's view presentation. */
export interface Presentation {
  zoom: number
  pan: readonly [number, number]
  rotation: number
  flipHorizontal: boolean
  flipVertical: boolean
}

/** Where a view was left: the series comes back as it was. */
export interface ViewPlace {
  index: number
  /** Null as the image brings. */
  window: { centre: number; width: number } | null
  inverted: boolean
  presentation: Presentation | null
  /** The image's own VOI LUT that stands in for the window, from 0. */
  lut?: number | null
}

/** What is known of the values shown, for window presets; null while nothing is. */
export interface ValueFacts {
  modality: string
  windows: Window[]
  /** Names of the VOI LUTs that may stand in for a window; '' where one has none. */
  luts: string[]
  range: { min: number; max: number }
  /** Windows are meant as LINEAR_EXACT. */
  exact: boolean
  color: boolean
}

/** What every view tells of itself. `index` counts from 0 and is what the user asked for. */
export interface ViewState {
  phase: 'loading' | 'loaded' | 'failed'
  index: number
  count: number
  problem: ImageProblem | null
  /** Null also while a lookup table stands in for it. */
  window: { centre: number; width: number } | null
  inverted: boolean
  /** Screen pixels per image pixel. */
  zoom: number | null
  edges: EdgeLetters | null
  playing: boolean
}

/**
 * One pane's picture: a stack of images, or a plane or projection through a volume. What is drawn over the canvas (layers) hears of
 * every move by `subscribe`, and asks `toCanvas` where a point in the patient is.
 */
export interface ImageView {
  readonly kind: 'stack' | 'volume'
  state(): ViewState
  subscribe(listener: () => void): () => void
  show(index: number): void
  scroll(by: number): void
  retry(): void
  setWindow(centre: number, width: number): void
  invert(): void
  rotate(): void
  flip(axis: 'horizontal' | 'vertical'): void
  reset(): void
  play(playing: boolean): void
  resize(): void
  values(): ValueFacts | null
  /** The image whose attributes stand for what is shown: of a volume, one of its source images. */
  record(): ImageRecord | null
  /** Null where the image has no place in the patient. */
  plane(): ShownPlane | null
  /** Shows the slice nearest to a point of the same frame of reference. */
  showNearest(point: Triple): void
  /** A point in the patient (mm) as CSS pixels of the pane, and back; null while nothing is shown. */
  toCanvas(point: Triple): readonly [number, number] | null
  fromCanvas(x: number, y: number): Triple | null
  presentation(): Presentation | null
  present(change: Partial<Presentation>): void
  /** Readable also after `close`. */
  place(): ViewPlace
  close(): void
}
