import { cross, dot, type Plane, type Triple } from '../dicom/plane.ts'

/** Why a series is no volume. */
export type VolumeRefusal =
  | 'single-slice'
  | 'colour'
  | 'no-position'
  | 'no-spacing'
  | 'not-parallel'
  | 'sizes-differ'
  | 'frames-of-reference'
  | 'positions-repeat'
  | 'too-large'

/** One slice as it lies: `source` is its index among the images it was made from. */
export interface SlicePlace {
  source: number
  /** Distance along the normal from the patient's origin, mm. */
  along: number
  /** Where the centre of the first pixel lies on the row and column directions, in pixels. */
  i: number
  j: number
}

/** Parallel slices of one size in the patient (LPS, mm), by their place along the normal. */
export interface VolumeGeometry {
  row: Triple
  column: Triple
  normal: Triple
  /** Between columns and between rows. */
  dx: number
  dy: number
  columns: number
  rows: number
  slices: SlicePlace[]
  /** The usual distance between slices. */
  gap: number
  /** Places (mm along the normal) of slices that a regular series would have and this one lacks. */
  missing: number[]
  /** The distances follow no rule: what lies between slices is interpolated over what there is. */
  irregular: boolean
  /** Degrees between the slices' normal and the line that their corners follow: gantry tilt. */
  tilt: number
  frameOfReference: string
}

interface Slice {
  plane: Plane
  rows: number
  columns: number
  colour: boolean
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
/** Direction cosines are written with few digits. */
const sameDirection = (a: Triple, b: Triple) => dot(a, b) > 0.9995
const norm = (a: Triple): Triple => {
  const length = Math.hypot(...a) || 1
  return [a[0] / length, a[1] / length, a[2] / length]
}

/**
 * How images of a series lie to each other, or why they make no volume. A tilted gantry needs no correction here: every slice keeps
 * its own place, and sampling goes by places in the patient.
 */
export function volumeGeometry(slices: readonly Slice[]): VolumeGeometry | VolumeRefusal {
  const [first] = slices
  if (!first || slices.length < 3) return 'single-slice'
  if (slices.some(({ colour }) => colour)) return 'colour'
  if (slices.some(({ plane }) => !plane.position || !plane.rowDirection || !plane.columnDirection))
    return 'no-position'
  const { spacing } = first.plane
  if (!spacing || slices.some(({ plane }) => !plane.spacing)) return 'no-spacing'
  const row = norm(first.plane.rowDirection!)
  const column = norm(first.plane.columnDirection!)
  const isParallel = ({ plane }: Slice) =>
    sameDirection(norm(plane.rowDirection!), row) && sameDirection(norm(plane.columnDirection!), column)
  if (!slices.every(isParallel)) return 'not-parallel'
  const isSameGrid = ({ rows, columns, plane }: Slice) =>
    rows === first.rows &&
    columns === first.columns &&
    Math.abs(plane.spacing!.row / spacing.row - 1) < 0.001 &&
    Math.abs(plane.spacing!.column / spacing.column - 1) < 0.001
  if (!slices.every(isSameGrid)) return 'sizes-differ'
  if (slices.some(({ plane }) => plane.frameOfReference !== first.plane.frameOfReference))
    return 'frames-of-reference'

  const normal = norm(cross(row, column))
  const placed = slices
    .map(({ plane }, source) => ({
      source,
      along: dot(plane.position!, normal),
      i: dot(plane.position!, row) / spacing.column,
      j: dot(plane.position!, column) / spacing.row,
    }))
    .sort((a, b) => a.along - b.along)
  const gaps = placed.slice(1).map((slice, k) => slice.along - placed[k]!.along)
  // Two slices at one place are phases or echoes: which belongs to the volume nobody here can know.
  if (gaps.some((gap) => gap < 0.01)) return 'positions-repeat'
  const gap = median(gaps)
  const irregular = gaps.filter((one) => Math.abs(one / gap - 1) < 0.1).length < gaps.length * 0.7
  const missing = irregular
    ? []
    : gaps.flatMap((one, k) =>
        Array.from(
          { length: Math.max(0, Math.round(one / gap) - 1) },
          (_, n) => placed[k]!.along + (one * (n + 1)) / Math.round(one / gap),
        ),
      )
  const [low, high] = [placed[0]!, placed.at(-1)!]
  const shift = Math.hypot((high.i - low.i) * spacing.column, (high.j - low.j) * spacing.row)
  return {
    row,
    column,
    normal,
    dx: spacing.column,
    dy: spacing.row,
    columns: first.columns,
    rows: first.rows,
    slices: placed,
    gap,
    missing,
    irregular,
    tilt: (Math.atan2(shift, high.along - low.along) * 180) / Math.PI,
    frameOfReference: first.plane.frameOfReference,
  }
}
