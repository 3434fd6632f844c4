import { dot, type Triple } from '../dicom/plane.ts'
import type { Values } from '../pixels/modality.ts'
import type { VolumeGeometry } from './geometry.ts'
import { type PlaneGrid, pointAt } from './plane-grid.ts'

/** What a slab of several samples gives for one pixel: the greatest, the least or the mean. */
export type Projection = 'max' | 'min' | 'mean'

/** `thickness` in mm; 0 is a single plane. */
export interface Slab {
  projection: Projection
  thickness: number
}

/** Values of the slices, in the geometry's order; null where one has not come or failed. */
export type SliceValues = readonly (Values | null)[]

/** Slices farther apart than this many usual gaps have nothing between them: nothing is made up where one is missing. */
const bridged = 1.5

/**
 * One picture of the grid: modality values, NaN where the volume has none. Trilinear between voxel centres; each slice is sampled at
 * its own place, so that a tilted gantry and uneven distances come out as the patient is. A slab takes at most `most` samples, spread
 * over its thickness: fewer while it moves.
 */
export function reslice(
  g: VolumeGeometry,
  values: SliceValues,
  grid: PlaneGrid,
  index: number,
  slab: Slab,
  most = Number.POSITIVE_INFINITY,
): Float32Array {
  const out = new Float32Array(grid.width * grid.height).fill(Number.NaN)
  const fine = Math.min(grid.step, g.gap)
  const whole = samplesOf(g, grid, slab)
  const samples = Math.min(whole, most)
  const counts = samples > 1 && slab.projection === 'mean' ? new Uint16Array(out.length) : null
  for (let n = 0; n < samples; n++) {
    const offset = ((n - (samples - 1) / 2) * fine * (whole / samples)) / grid.step
    addPlane(g, values, grid, index + offset, slab.projection, out, counts)
  }
  if (counts) for (let i = 0; i < out.length; i++) out[i] = out[i]! / counts[i]!
  return out
}

/** How many samples a slab takes to miss nothing. */
export const samplesOf = (g: VolumeGeometry, grid: PlaneGrid, slab: Slab): number =>
  Math.max(1, Math.round(slab.thickness / Math.min(grid.step, g.gap)))

function addPlane(
  g: VolumeGeometry,
  values: SliceValues,
  grid: PlaneGrid,
  index: number,
  projection: Projection,
  out: Float32Array,
  counts: Uint16Array | null,
) {
  const { slices, columns, rows } = g
  const last = slices.length - 1
  const along = Float64Array.from(slices, (slice) => slice.along)
  const [wx, ix, jx] = steps(g, grid.right, grid.spacing)
  const reach = g.gap / 2
  const hole = g.irregular ? Number.POSITIVE_INFINITY : g.gap * bridged
  let k = 0
  for (let y = 0; y < grid.height; y++) {
    const start = pointAt(grid, index, 0, y)
    let w = dot(start, g.normal)
    let i = dot(start, g.row) / g.dx
    let j = dot(start, g.column) / g.dy
    for (let at = y * grid.width, end = at + grid.width; at < end; at++, w += wx, i += ix, j += jx) {
      while (k < last - 1 && w >= along[k + 1]!) k++
      while (k > 0 && w < along[k]!) k--
      const low = along[k]!
      const gap = along[k + 1]! - low
      const f = (w - low) / gap
      let value: number
      if (f <= 1e-4 || f >= 1 - 1e-4 || gap > hole) {
        const near = f > 0.5 ? k + 1 : k
        value =
          Math.abs(w - along[near]!) <= reach + 1e-6
            ? inSlice(values[near]!, slices[near]!, i, j, columns, rows)
            : Number.NaN
      } else {
        const a = inSlice(values[k]!, slices[k]!, i, j, columns, rows)
        const b = inSlice(values[k + 1]!, slices[k + 1]!, i, j, columns, rows)
        // Beside a slice that has not come, the other counts as far as its own half.
        value = Number.isNaN(a) ? (f > 0.5 ? b : a) : Number.isNaN(b) ? (f < 0.5 ? a : b) : a + (b - a) * f
      }
      if (Number.isNaN(value)) continue
      const before = out[at]!
      if (Number.isNaN(before)) out[at] = value
      else if (projection === 'mean') out[at] = before + value
      else if (projection === 'max' ? value > before : value < before) out[at] = value
      if (counts) counts[at]! += 1
    }
  }
}

const steps = (g: VolumeGeometry, direction: Triple, by: number): Triple => [
  dot(direction, g.normal) * by,
  (dot(direction, g.row) * by) / g.dx,
  (dot(direction, g.column) * by) / g.dy,
]

/** Bilinear in one slice; `i`, `j` on the axes of the volume, half a pixel over the edge belongs to it. */
function inSlice(
  values: Values | null,
  slice: { i: number; j: number },
  i: number,
  j: number,
  columns: number,
  rows: number,
): number {
  if (values === null) return Number.NaN
  const x = i - slice.i
  const y = j - slice.j
  if (x < -0.5 || y < -0.5 || x > columns - 0.5 || y > rows - 0.5) return Number.NaN
  const cx = x < 0 ? 0 : x > columns - 1 ? columns - 1 : x
  const cy = y < 0 ? 0 : y > rows - 1 ? rows - 1 : y
  const x0 = cx | 0
  const y0 = cy | 0
  const fx = cx - x0
  const fy = cy - y0
  const at = y0 * columns + x0
  if (fx < 1e-4 && fy < 1e-4) return values[at]!
  const right = x0 < columns - 1 ? 1 : 0
  const down = y0 < rows - 1 ? columns : 0
  const top = values[at]! + (values[at + right]! - values[at]!) * fx
  const bottom = values[at + down]! + (values[at + down + right]! - values[at + down]!) * fx
  return top + (bottom - top) * fy
}
