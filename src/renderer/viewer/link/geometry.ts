import { cross, dot, type Plane, type Triple } from '../dicom/plane.ts'
import type { ShownPlane } from '../stage/image-view.ts'

export type Point = readonly [number, number, number]

export const plus = (a: Point, b: Point, times = 1): Triple => [
  a[0] + b[0] * times,
  a[1] + b[1] * times,
  a[2] + b[2] * times,
]
export const minus = (a: Point, b: Point): Triple => plus(a, b, -1)
export const along = (a: Point, b: Point): number => dot([...a], [...b])

export const normalOf = (plane: { row: Point; column: Point }): Triple =>
  cross([...plane.row], [...plane.column])

/** The image's plane in the patient (PS3.3 C.7.6.2), with pixel (0,0)'s outer corner; null where it has none. */
export function planeOfImage(
  image: { plane: Plane },
  size: { rows: number; columns: number },
): ShownPlane | null {
  const { position, rowDirection, columnDirection, spacing, frameOfReference } = image.plane
  if (!position || !rowDirection || !columnDirection || !spacing) return null
  // Image Position is the centre of the first pixel.
  const corner = plus(plus(position, rowDirection, -spacing.column / 2), columnDirection, -spacing.row / 2)
  return {
    frameOfReference,
    position: corner,
    row: rowDirection,
    column: columnDirection,
    width: size.columns * spacing.column,
    height: size.rows * spacing.row,
  }
}

/** The index of the slice whose plane is nearest to the point; null where no slice has a place. */
export function nearestSlice(planes: readonly (Plane | null)[], point: Point): number | null {
  let best: { index: number; distance: number } | null = null
  planes.forEach((plane, index) => {
    if (!plane?.position || !plane.rowDirection || !plane.columnDirection) return
    const normal = cross(plane.rowDirection, plane.columnDirection)
    const distance = Math.abs(along(minus(point, plane.position), normal))
    if (!best || distance < best.distance - 1e-6) best = { index, distance }
  })
  return (best as { index: number } | null)?.index ?? null
}

/** Cosine between normals above which two stacks run the same way: 15°. */
const parallelCosine = Math.cos((15 * Math.PI) / 180)

export function areParallel(a: { row: Point; column: Point }, b: { row: Point; column: Point }): boolean {
  return Math.abs(along(normalOf(a), normalOf(b))) >= parallelCosine
}

/** The four corners of what is shown, around. */
function corners(plane: ShownPlane): Triple[] {
  const { position, row, column, width, height } = plane
  const right = plus(position, row, width)
  return [position, right, plus(right, column, height), plus(position, column, height)]
}

/**
 * Where one picture cuts the plane of another (定位线): the ends of the line, in the patient. Null where they do not meet, run the same
 * way, or are of different frames of reference.
 */
export function crossline(of: ShownPlane, on: ShownPlane): readonly [Triple, Triple] | null {
  if (of.frameOfReference !== on.frameOfReference || areParallel(of, on)) return null
  const normal = normalOf(on)
  const around = corners(of).map((corner) => ({ corner, side: along(minus(corner, on.position), normal) }))
  const cuts: Triple[] = []
  around.forEach((from, i) => {
    const to = around[(i + 1) % around.length]!
    if (from.side === 0) cuts.push(from.corner)
    else if (from.side * to.side < 0)
      cuts.push(plus(from.corner, minus(to.corner, from.corner), from.side / (from.side - to.side)))
  })
  const [a, b] = cuts
  return a && b ? [a, b] : null
}
