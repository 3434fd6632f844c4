import type { Element } from './dicom/element.ts'
import type { PixelLayout } from './dicom/file.ts'

/** One image of a series: what differs from image to image. */
export interface InstanceSpec {
  readonly elements: readonly Element[]
  readonly pixels: Uint8Array
}

/** One series of a study. Images are made one at a time, in any order, so that a volume is never whole in memory. */
export interface SeriesSpec {
  readonly number: number
  readonly description: string
  readonly modality: string
  readonly sopClassUid: string
  /** Attributes that every image of the series shares. */
  readonly elements: readonly Element[]
  readonly layout: PixelLayout
  readonly rle: boolean
  readonly count: number
  /** Makes the image at an index from 0 to `count` − 1. */
  readonly image: (index: number) => InstanceSpec
}

/** What a generator may know of the exam. */
export interface ExamFacts {
  readonly accessionNumber: string
  readonly studyInstanceUid: string
  readonly frameOfReferenceUid: string
}

export type StudyGenerator = (exam: ExamFacts) => readonly SeriesSpec[]

/** The bytes of a typed array, as they lie in memory. */
export function bytesOf(values: Int16Array | Uint16Array | Uint8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** DS: at most 16 characters (PS3.5 section 6.2). */
export function decimal(value: number): string {
  return String(Number(value.toFixed(6))).slice(0, 16)
}
