import { Enums, type Types, utilities } from '@cornerstonejs/core'
import { describePixels, type PixelDescription } from '../dicom/pixel-description.ts'
import { windowBetween } from '../dicom/voi.ts'
import type { ImageRecord } from '../load/image-record.ts'
import type { DecodedFrame } from '../pixels/decode-frame.ts'
import type { GrayImage, Values } from '../pixels/modality.ts'
import { type PixelStatistics, statisticsOf } from '../pixels/statistics.ts'

/** What the viewer knows of a decoded image beside what cornerstone needs. */
export interface ImageFacts {
  transferSyntaxUid: string
  description: PixelDescription
  /** What is measured: modality values whatever the window makes of them, or RGB samples side by side. */
  modality: { values: ArrayLike<number>; channels: 1 | 3; padding: number | null }
  /** Of the modality values or RGB samples; computed when first asked for. */
  statistics(): PixelStatistics
  /** Of the modality values, padding left out. */
  range: { min: number; max: number }
  /** Overlay planes that lay in unused bits of the samples, by bit. */
  embedded?: ReadonlyMap<number, Uint8Array> | undefined
  /** Windows are meant as LINEAR_EXACT. */
  exact: boolean
}

export type StageImage = Types.IImage & { vigil: ImageFacts }

const functions = {
  LINEAR: Enums.VOILUTFunctionType.LINEAR,
  LINEAR_EXACT: Enums.VOILUTFunctionType.LINEAR_EXACT,
  SIGMOID: Enums.VOILUTFunctionType.SAMPLED_SIGMOID,
}

function once<T>(compute: () => T): () => T {
  let known: { value: T } | undefined
  return () => {
    known ??= { value: compute() }
    return known.value
  }
}

function withAlpha(rgb: Uint8Array): Uint8Array {
  const out = new Uint8Array((rgb.length / 3) * 4).fill(255)
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) out.set(rgb.subarray(from, from + 3), to)
  return out
}

interface Shown {
  values: Values
  min: number
  max: number
  components: 1 | 3 | 4
}

function shownOf(frame: DecodedFrame, rgba: boolean): Shown {
  if (frame.kind === 'colour') {
    const values = rgba ? withAlpha(frame.rgb) : frame.rgb
    return { values, min: 0, max: 255, components: rgba ? 4 : 3 }
  }
  return { ...frame.image, components: 1 }
}

/** A decoded frame as cornerstone shows it. Values are already modality values: slope 1, intercept 0. `rgba`: for its CPU renderer. */
export function stageImage(
  record: ImageRecord,
  frame: DecodedFrame,
  transferSyntaxUid: string,
  rgba: boolean,
): StageImage {
  const description = describePixels(record.attributes)
  const { rows, columns } = description
  const { values, min, max, components } = shownOf(frame, rgba)
  const color = components !== 1
  const [own] = record.windows
  const window = color ? { centre: 128, width: 256 } : (own ?? windowBetween(min, max, description.float))
  const padding = frame.kind === 'gray' ? frame.image.padding : null
  const modalityValues = frame.kind === 'colour' ? frame.rgb : frame.image.values
  return {
    imageId: record.imageId,
    dataType: values.constructor.name as Types.PixelDataTypedArrayString,
    color,
    rgba: components === 4,
    numberOfComponents: components,
    rows,
    columns,
    height: rows,
    width: columns,
    rowPixelSpacing: record.plane.spacing?.row ?? record.plane.aspect,
    columnPixelSpacing: record.plane.spacing?.column ?? 1,
    slope: 1,
    intercept: 0,
    windowCenter: window.centre,
    windowWidth: window.width,
    voiLUTFunction: color
      ? functions.LINEAR
      : // Values that are no whole numbers cannot be windowed in whole steps.
        functions[description.float ? 'LINEAR_EXACT' : record.voiFunction],
    invert: description.inverted ?? false,
    photometricInterpretation: color ? 'RGB' : description.inverted ? 'MONOCHROME1' : 'MONOCHROME2',
    minPixelValue: min,
    maxPixelValue: max,
    sizeInBytes: values.byteLength,
    voxelManager: utilities.VoxelManager.createImageVoxelManager({
      scalarData: values,
      width: columns,
      height: rows,
      numberOfComponents: components,
    }),
    getPixelData: () => values,
    getCanvas: () => document.createElement('canvas'),
    vigil: {
      transferSyntaxUid,
      description,
      modality: { values: modalityValues, channels: color ? 3 : 1, padding },
      statistics: once(() => statisticsOf(modalityValues, color ? 3 : 1, padding)),
      range: { min, max },
      embedded: frame.kind === 'gray' ? frame.embedded : undefined,
      exact: !color && (description.float || record.voiFunction === 'LINEAR_EXACT'),
    },
  }
}

/**
 * The same image with its modality values turned to grey by something else than the window: the result goes from black to white over
 * its whole range, and a window moves within it. What is measured stays the modality values.
 */
export function transformedImage(
  image: StageImage,
  imageId: string,
  transform: (gray: GrayImage) => GrayImage,
): StageImage {
  const { modality, range } = image.vigil
  const { values, min, max } = transform({
    values: modality.values as Values,
    ...range,
    padding: modality.padding,
  })
  const window = windowBetween(min, max, image.vigil.exact)
  return {
    ...image,
    imageId,
    dataType: values.constructor.name as Types.PixelDataTypedArrayString,
    windowCenter: window.centre,
    windowWidth: window.width,
    voiLUTFunction: image.vigil.exact ? functions.LINEAR_EXACT : functions.LINEAR,
    minPixelValue: min,
    maxPixelValue: max,
    sizeInBytes: values.byteLength,
    voxelManager: utilities.VoxelManager.createImageVoxelManager({
      scalarData: values,
      width: image.columns,
      height: image.rows,
      numberOfComponents: 1,
    }),
    getPixelData: () => values,
  }
}
