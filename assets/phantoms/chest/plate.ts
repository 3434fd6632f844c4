import { clamp01 } from '../raster/noise.ts'
import type { Joint } from '../raster/slice.ts'

/** A projection being made: absorbance in mm of water; x runs to the right of the picture, z upwards. */
export interface Plate {
  readonly pixels: Float32Array
  readonly columns: number
  readonly rows: number
  /** mm between pixel centres. */
  readonly spacing: number
  /** x of the first column and z of the first row, mm. */
  readonly left: number
  readonly top: number
}

/** An empty plate, its middle at x = 0 and the given height. */
export function plateAt(columns: number, rows: number, spacing: number, centreZ: number): Plate {
  return {
    pixels: new Float32Array(columns * rows),
    columns,
    rows,
    spacing,
    left: (-(columns - 1) / 2) * spacing,
    top: centreZ + ((rows - 1) / 2) * spacing,
  }
}

/** The same picture on a finer grid about the same centre, by bilinear interpolation. */
export function resample(from: Plate, columns: number, rows: number, spacing: number): Plate {
  const centreZ = from.top - ((from.rows - 1) / 2) * from.spacing
  const to = plateAt(columns, rows, spacing, centreZ)
  const at = new Int32Array(columns)
  const weight = new Float32Array(columns)
  for (let c = 0; c < columns; c++) {
    const u = Math.min(Math.max((to.left + c * spacing - from.left) / from.spacing, 0), from.columns - 1.001)
    at[c] = Math.floor(u)
    weight[c] = u - at[c]!
  }
  for (let r = 0, out = 0; r < rows; r++) {
    const v = Math.min(Math.max((from.top - to.top + r * spacing) / from.spacing, 0), from.rows - 1.001)
    const row = Math.floor(v) * from.columns
    const w = v - Math.floor(v)
    for (let c = 0; c < columns; c++, out++) {
      const i = row + at[c]!
      const u = weight[c]!
      const upper = from.pixels[i]! * (1 - u) + from.pixels[i + 1]! * u
      const lower = from.pixels[i + from.columns]! * (1 - u) + from.pixels[i + from.columns + 1]! * u
      to.pixels[out] = upper * (1 - w) + lower * w
    }
  }
  return to
}

/** Adds the shadow of one tube: see drawTubes. */
export function drawTube(plate: Plate, joints: readonly Joint[], density: number, wall = 0): void {
  drawTubes(plate, [joints], density, wall)
}

/**
 * Adds the shadow of tubes that belong together: the chord through them times `density`. With a `wall` (mm) the inside
 * counts a third, as marrow does. Among them the longest chord counts, so that neither joints, bends nor branchings show.
 */
export function drawTubes(
  plate: Plate,
  tubes: readonly (readonly Joint[])[],
  density: number,
  wall = 0,
): void {
  const { spacing } = plate
  const joints = tubes.flat()
  const reach = Math.max(...joints.map((j) => j[3])) + spacing
  const xs = joints.map((j) => j[0])
  const zs = joints.map((j) => j[2])
  const c0 = Math.max(0, Math.floor((Math.min(...xs) - reach - plate.left) / spacing))
  const c1 = Math.min(plate.columns - 1, Math.ceil((Math.max(...xs) + reach - plate.left) / spacing))
  const r0 = Math.max(0, Math.floor((plate.top - Math.max(...zs) - reach) / spacing))
  const r1 = Math.min(plate.rows - 1, Math.ceil((plate.top - Math.min(...zs) + reach) / spacing))
  if (c1 < c0 || r1 < r0) return
  const part: Plate = {
    pixels: new Float32Array((c1 - c0 + 1) * (r1 - r0 + 1)),
    columns: c1 - c0 + 1,
    rows: r1 - r0 + 1,
    spacing,
    left: plate.left + c0 * spacing,
    top: plate.top - r0 * spacing,
  }
  for (const tube of tubes)
    for (let i = 1; i < tube.length; i++) drawPiece(part, tube[i - 1]!, tube[i]!, wall)
  for (let r = r0, i = 0; r <= r1; r++)
    for (let c = c0; c <= c1; c++, i++) plate.pixels[r * plate.columns + c]! += density * part.pixels[i]!
}

function drawPiece(
  { pixels, columns, rows, spacing, left, top }: Plate,
  a: Joint,
  b: Joint,
  wall: number,
): void {
  const reach = Math.max(a[3], b[3])
  const c0 = Math.max(0, Math.floor((Math.min(a[0], b[0]) - reach - left) / spacing))
  const c1 = Math.min(columns - 1, Math.ceil((Math.max(a[0], b[0]) + reach - left) / spacing))
  const r0 = Math.max(0, Math.floor((top - Math.max(a[2], b[2]) - reach) / spacing))
  const r1 = Math.min(rows - 1, Math.ceil((top - Math.min(a[2], b[2]) + reach) / spacing))
  const dx = b[0] - a[0]
  const dz = b[2] - a[2]
  const flat2 = dx * dx + dz * dz || 1e-9
  const stretch = Math.min(1.8, Math.sqrt((flat2 + (b[1] - a[1]) ** 2) / flat2))
  for (let r = r0; r <= r1; r++) {
    const pz = top - r * spacing - a[2]
    for (let c = c0; c <= c1; c++) {
      const px = left + c * spacing - a[0]
      const t = clamp01((px * dx + pz * dz) / flat2)
      const radius = a[3] + (b[3] - a[3]) * t
      const ex = px - t * dx
      const ez = pz - t * dz
      const off2 = ex * ex + ez * ez
      if (off2 >= radius * radius) continue
      const core = radius - wall
      const hollow = wall > 0 && off2 < core * core ? 1.33 * Math.sqrt(core * core - off2) : 0
      const chord = stretch * (2 * Math.sqrt(radius * radius - off2) - hollow)
      const at = r * columns + c
      if (chord > pixels[at]!) pixels[at] = chord
    }
  }
}
