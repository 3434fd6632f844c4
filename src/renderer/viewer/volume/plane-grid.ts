import { dot, type Triple } from '../dicom/plane.ts'
import type { VolumeGeometry } from './geometry.ts'

/** The three planes of the patient. */
export type Axis = 'axial' | 'coronal' | 'sagittal'

/** A stack of pictures through the volume: `right` and `down` as on the screen, `through` the way that scrolling goes. LPS, mm. */
export interface PlaneGrid {
  axis: Axis
  right: Triple
  down: Triple
  through: Triple
  /** The centre of the first pixel of the first picture. */
  origin: Triple
  /** Of a pixel, both ways. */
  spacing: number
  width: number
  height: number
  /** Between pictures. */
  step: number
  count: number
}

const directions: Record<Axis, { right: Triple; down: Triple; through: Triple }> = {
  axial: { right: [1, 0, 0], down: [0, 1, 0], through: [0, 0, 1] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1], through: [0, 1, 0] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1], through: [1, 0, 0] },
}

/** Beyond this a picture is coarser than the volume rather than larger. */
const largest = 1024

function corners(g: VolumeGeometry): Triple[] {
  return g.slices.flatMap((slice) =>
    [0, g.columns - 1].flatMap((x) =>
      [0, g.rows - 1].map((y): Triple => {
        const along = (axis: 0 | 1 | 2) =>
          g.row[axis] * (slice.i + x) * g.dx +
          g.column[axis] * (slice.j + y) * g.dy +
          g.normal[axis] * slice.along
        return [along(0), along(1), along(2)]
      }),
    ),
  )
}

/** Pictures that cover the volume. Where it lies along the patient's axes, pixels are voxels: nothing is interpolated that need not be. */
export function planeGrid(g: VolumeGeometry, axis: Axis): PlaneGrid {
  const { right, down, through } = directions[axis]
  const all = corners(g)
  const range = (direction: Triple) => {
    const values = all.map((corner) => dot(corner, direction))
    const low = Math.min(...values)
    return { low, size: Math.max(...values) - low }
  }
  const [x, y, z] = [range(right), range(down), range(through)]
  const finest = Math.min(g.dx, g.dy)
  const spacing = Math.max(finest, x.size / (largest - 1), y.size / (largest - 1))
  const step = Math.abs(dot(g.normal, through)) > 0.9 ? g.gap : finest
  const at = (k: 0 | 1 | 2) => right[k] * x.low + down[k] * y.low + through[k] * z.low
  const count = (size: number, by: number) => Math.floor(size / by + 1e-3) + 1
  return {
    axis,
    right,
    down,
    through,
    origin: [at(0), at(1), at(2)],
    spacing,
    width: count(x.size, spacing),
    height: count(y.size, spacing),
    step,
    count: count(z.size, step),
  }
}

/** The plane that the images themselves were taken in, to begin with. */
export function ownAxis(g: VolumeGeometry): Axis {
  const [x, y, z] = g.normal.map(Math.abs) as Triple
  return z >= x && z >= y ? 'axial' : y >= x ? 'coronal' : 'sagittal'
}

/** A pixel of a picture (columns and rows may be fractions) in the patient. */
export function pointAt(grid: PlaneGrid, index: number, x: number, y: number): Triple {
  const along = (k: 0 | 1 | 2) =>
    grid.origin[k] +
    grid.right[k] * x * grid.spacing +
    grid.down[k] * y * grid.spacing +
    grid.through[k] * index * grid.step
  return [along(0), along(1), along(2)]
}

/** Where a point of the patient lies: pixel column and row, and which picture (none of them need be whole). */
export function placeOf(
  grid: PlaneGrid,
  point: readonly [number, number, number],
): { x: number; y: number; index: number } {
  const from: Triple = [point[0] - grid.origin[0], point[1] - grid.origin[1], point[2] - grid.origin[2]]
  return {
    x: dot(from, grid.right) / grid.spacing,
    y: dot(from, grid.down) / grid.spacing,
    index: dot(from, grid.through) / grid.step,
  }
}
