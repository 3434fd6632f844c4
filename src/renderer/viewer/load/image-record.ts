import type { DicomJson } from '../../../shared/study/index.ts'
import { number, text } from '../dicom/attributes.ts'
import { attributesOfFrame } from '../dicom/functional-groups.ts'
import { type Plane, planeOf } from '../dicom/plane.ts'
import {
  type VoiFunction,
  type VoiTable,
  voiFunctionOf,
  voiTablesOf,
  type Window,
  windowsOf,
} from '../dicom/voi.ts'

/** One displayable image: one frame of one instance, with the attributes that hold for it. */
export interface ImageRecord {
  imageId: string
  study: string
  series: string
  instance: string
  /** Counted from 1. */
  frame: number
  modality: string
  attributes: DicomJson
  plane: Plane
  windows: Window[]
  voiFunction: VoiFunction
  /** The first of them applies where the image brings no window of its own. */
  voiTables: VoiTable[]
}

export const imageScheme = 'vigil'

export function imageIdOf(series: string, instance: string, frame: number): string {
  return `${imageScheme}:${series}/${instance}/${frame}`
}

/** Id of an image seen through something else than its window; its attributes are those of the image itself. */
export const derivedId = (imageId: string, through: string): string => `${imageId}#${through}`
/** The image itself, of an id that may be of a derived one. */
export const sourceOf = (imageId: string): string => imageId.split('#', 1)[0]!

export function recordOf(
  place: { study: string; series: string; instance: string; frame: number; modality: string },
  instance: DicomJson,
): ImageRecord {
  const attributes = attributesOfFrame(instance, place.frame)
  return {
    ...place,
    imageId: imageIdOf(place.series, place.instance, place.frame),
    attributes,
    plane: planeOf(attributes),
    windows: windowsOf(attributes),
    voiFunction: voiFunctionOf(attributes),
    voiTables: voiTablesOf(attributes),
  }
}

/** Lossy Image Compression (0028,2110) and the first ratio of (0028,2112); null where nothing was lost. */
export function lossyCompressionOf(attributes: DicomJson): { ratio: number | null } | null {
  return text(attributes, '00282110') === '01' ? { ratio: number(attributes, '00282112') ?? null } : null
}
