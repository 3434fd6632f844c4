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

/**
 * Adds the shadow of a tube: the chord through it times `density`. With a `wall` (mm) the inside counts a third, as
 * marrow does. Each piece between joints is drawn up to the next one's middle line, so that joints are not counted twice.
 */
export function drawTube(plate: Plate, joints: readonly Joint[], density: number, wall = 0): void {
  for (let i = 1; i < joints.length; i++) drawPiece(plate, joints[i - 1]!, joints[i]!, density, wall)
}

function drawPiece(plate: Plate, a: Joint, b: Joint, density: number, wall: number): void {
  const { spacing, columns, rows, pixels } = plate
  const reach = Math.max(a[3], b[3]) + spacing
  const c0 = Math.max(0, Math.floor((Math.min(a[0], b[0]) - reach - plate.left) / spacing))
  const c1 = Math.min(columns - 1, Math.ceil((Math.max(a[0], b[0]) + reach - plate.left) / spacing))
  const r0 = Math.max(0, Math.floor((plate.top - Math.max(a[2], b[2]) - reach) / spacing))
  const r1 = Math.min(rows - 1, Math.ceil((plate.top - Math.min(a[2], b[2]) + reach) / spacing))
  const dx = b[0] - a[0]
  const dz = b[2] - a[2]
  const flat = Math.hypot(dx, dz)
  if (flat < 0.3) return
  const stretch = Math.min(1.8, Math.hypot(flat, b[1] - a[1]) / flat)
  for (let r = r0; r <= r1; r++) {
    const pz = plate.top - r * spacing - a[2]
    for (let c = c0; c <= c1; c++) {
      const px = plate.left + c * spacing - a[0]
      const t = (px * dx + pz * dz) / (flat * flat)
      const ends = clamp01((t * flat) / spacing + 0.5) * clamp01(((1 - t) * flat) / spacing + 0.5)
      if (ends === 0) continue
      const radius = a[3] + (b[3] - a[3]) * clamp01(t)
      const off = Math.abs(px * dz - pz * dx) / flat
      if (off >= radius) continue
      const hollow = wall > 0 && off < radius - wall ? 1.33 * Math.sqrt((radius - wall) ** 2 - off * off) : 0
      pixels[r * columns + c]! += density * ends * stretch * (2 * Math.sqrt(radius * radius - off * off) - hollow)
    }
  }
}
