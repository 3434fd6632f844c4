import type { PresentedImage } from '../../../shared/api/measurements.ts'
import type { Measurement } from '../../../shared/measurement/index.ts'

/** A pane as it was looked at, with what was measured on it; no name in it. */
export interface KeyImageCapture {
  study: string
  series: string
  instance: string
  /** Counted from 1. */
  frame: number
  caption: string
  width: number
  height: number
  png: Blob
}

/** Measurements of one study to keep with it, and how their images are looked at. */
export interface StoreRequest {
  study: string
  as: 'structured-report' | 'presentation-state'
  label: string
  measurements: readonly Measurement[]
  images: readonly PresentedImage[]
}

/** What the viewer's host does with what is made in it; what it does not do is not offered. */
export interface MeasureHost {
  onInsertText?: ((text: string) => void) | undefined
  /** Rejects where it was not kept. */
  onKeyImage?: ((image: KeyImageCapture) => Promise<void>) | undefined
  /** Rejects where it was not stored. */
  onStoreMeasurements?: ((request: StoreRequest) => Promise<void>) | undefined
}
