import type { DicomJson } from '../../../shared/study/index.ts'
import { number, text } from '../dicom/attributes.ts'
import { attributesOfFrame } from '../dicom/functional-groups.ts'
import { type LookupTable, lutOf } from '../dicom/pixel-description.ts'
import { type Plane, planeOf } from '../dicom/plane.ts'
import { type VoiFunction, voiFunctionOf, type Window, windowsOf } from '../dicom/voi.ts'

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
  /** Only where the image brings no window of its own. */
  voiTable: LookupTable | null
}

export const imageScheme = 'vigil'

export function imageIdOf(series: string, instance: string, frame: number): string {
  return `${imageScheme}:${series}/${instance}/${frame}`
}

export function recordOf(
  place: { study: string; series: string; instance: string; frame: number; modality: string },
  instance: DicomJson,
): ImageRecord {
  const attributes = attributesOfFrame(instance, place.frame)
  const windows = windowsOf(attributes)
  return {
    ...place,
    imageId: imageIdOf(place.series, place.instance, place.frame),
    attributes,
    plane: planeOf(attributes),
    windows,
    voiFunction: voiFunctionOf(attributes),
    voiTable: windows.length > 0 ? null : lutOf(attributes, '00283010', number(attributes, '00280103') === 1),
  }
}

/** Lossy Image Compression (0028,2110) and the first ratio of (0028,2112); null where nothing was lost. */
export function lossyCompressionOf(attributes: DicomJson): { ratio: number | null } | null {
  return text(attributes, '00282110') === '01' ? { ratio: number(attributes, '00282112') ?? null } : null
}
