import { number, numbers, text } from '../dicom/attributes.ts'
import type { ImageRecord } from '../load/image-record.ts'
import type { Spacing } from './geometry.ts'
import type { Scale } from './values.ts'

/**
 * What a distance in the image stands for. `detector`: in the plane of the detector, so that the body is smaller by an unknown
 * factor (PS3.3 10.7: Imager Pixel Spacing, or a Pixel Spacing of a projection that nothing says was calibrated);
 * `modality`: a projection calibrated before it was sent; `person`: calibrated here; `none`: no size is known.
 */
export type ScaleSource = 'image' | 'detector' | 'modality' | 'person' | 'none'

export interface ImageScale extends Scale {
  source: ScaleSource
}

const projections = new Set(['CR', 'DX', 'DR', 'MG', 'IO', 'PX', 'RF', 'RG', 'XA', 'XC'])

const pair = (values: number[]): Spacing | null => {
  const [row, column] = values
  return row !== undefined && column !== undefined && row > 0 && column > 0 ? { row, column } : null
}

const near = (a: Spacing, b: Spacing) =>
  Math.abs(a.row / b.row - 1) < 1e-4 && Math.abs(a.column / b.column - 1) < 1e-4

/** The image's own scale, or the one that the person set (校准). */
export function scaleOf(record: ImageRecord, calibrated: Spacing | undefined): ImageScale {
  if (calibrated) return { ...calibrated, unit: 'mm', source: 'person' }
  const { attributes, plane } = record
  if (!plane.spacing) {
    // Vertical and horizontal size of a pixel (PS3.3 C.7.6.3.1.7): no size, but angles are true.
    const aspect = pair(numbers(attributes, '00280034'))
    return { row: aspect ? aspect.row / aspect.column : 1, column: 1, unit: 'px', source: 'none' }
  }
  const of = (source: ScaleSource): ImageScale => ({ ...plane.spacing!, unit: 'mm', source })
  const own = pair(numbers(attributes, '00280030'))
  const imager = pair(numbers(attributes, '00181164'))
  if (!imager && !projections.has(record.modality)) return of('image')
  const told = text(attributes, '00280A02') !== ''
  const differs = own !== null && imager !== null && !near(own, imager)
  return of(own && (told || differs) ? 'modality' : 'detector')
}

/** The spacing under which a drawn line is as long as the person says; the pixels keep their shape. */
export function calibratedSpacing(scale: Scale, drawn: number, known: number): Spacing {
  const factor = known / drawn
  return { row: scale.row * factor, column: scale.column * factor }
}

/** Unit of an image's modality values, in UCUM. */
export function valueUnit(record: ImageRecord): string {
  const { attributes, modality } = record
  const type = text(attributes, '00281054').toUpperCase()
  if (type === 'HU' || (type === '' && modality === 'CT')) return "[hnsf'U]"
  if (modality === 'PT' && text(attributes, '00541001').toUpperCase() === 'BQML') return 'Bq/ml'
  return '1'
}

/** The key under which an image's calibration is kept: all frames of an instance share theirs. */
export const calibrationKey = (record: Pick<ImageRecord, 'series' | 'instance'>) =>
  `${record.series}/${record.instance}`

/** Number of the image in its series as the modality counted it. */
export const instanceNumber = (record: ImageRecord) => number(record.attributes, '00200013') ?? null
