import type { DicomJson } from '../../../shared/study/index.ts'
import { items, number, numbers, text, texts } from './attributes.ts'

export type Triple = [number, number, number]

/** Where an image lies (PS3.3 C.7.6.2). Lengths in mm, in the patient's LPS system. */
export interface Plane {
  position: Triple | null
  rowDirection: Triple | null
  columnDirection: Triple | null
  /** Distance between rows and between columns; null where nothing says. */
  spacing: { row: number; column: number } | null
  /** Height of a pixel over its width: of the spacing, or the Pixel Aspect Ratio (0028,0034) where nothing tells sizes. */
  aspect: number
  thickness: number | null
  /** Position along the slice normal, or Slice Location where no plane is given. */
  location: number | null
  /** Frame of Reference UID (0020,0052); '' where there is none. */
  frameOfReference: string
  /** Patient Orientation (0020,0020) of projections: where rows and columns run to. */
  letters: { row: string; column: string } | null
}

function triple(values: number[], at = 0): Triple | null {
  const [x, y, z] = values.slice(at, at + 3)
  return x !== undefined && y !== undefined && z !== undefined ? [x, y, z] : null
}

export const cross = (a: Triple, b: Triple): Triple => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]
export const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

/** Spacing of an ultrasound image that has one calibrated 2D region, PS3.3 C.8.5.5 (units 3 are centimetres). */
function ultrasoundSpacing(attributes: DicomJson): { row: number; column: number } | null {
  const flat = items(attributes, '00186011').filter(
    (region) => number(region, '00186012') === 1 && number(region, '00186024') === 3,
  )
  const [region] = flat
  if (!region || flat.length !== 1) return null
  const column = Math.abs(number(region, '0018602C') ?? 0) * 10
  const row = Math.abs(number(region, '0018602E') ?? 0) * 10
  return row > 0 && column > 0 ? { row, column } : null
}

export function planeOf(attributes: DicomJson): Plane {
  const orientation = numbers(attributes, '00200037')
  const rowDirection = triple(orientation)
  const columnDirection = triple(orientation, 3)
  const position = triple(numbers(attributes, '00200032'))
  const [row, column] = ['00280030', '00181164']
    .map((tag) => numbers(attributes, tag))
    .find(([a, b]) => a !== undefined && b !== undefined && a > 0 && b > 0) ?? [undefined, undefined]
  const [rowLetters, columnLetters] = texts(attributes, '00200020')
  const along =
    position && rowDirection && columnDirection
      ? dot(position, cross(rowDirection, columnDirection))
      : undefined
  const [tall, wide] = numbers(attributes, '00280034')
  const stated = tall !== undefined && wide !== undefined && tall > 0 && wide > 0 ? tall / wide : 1
  const spacing = row !== undefined && column !== undefined ? { row, column } : ultrasoundSpacing(attributes)
  return {
    position,
    rowDirection: columnDirection ? rowDirection : null,
    columnDirection,
    spacing,
    aspect: spacing ? spacing.row / spacing.column : stated,
    thickness: number(attributes, '00180050') ?? null,
    location: number(attributes, '00201041') ?? along ?? null,
    frameOfReference: text(attributes, '00200052'),
    letters: rowLetters && columnLetters ? { row: rowLetters, column: columnLetters } : null,
  }
}
