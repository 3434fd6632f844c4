import { clamp01 } from './noise.ts'

/** One plane of a phantom being painted: row-major values, square pixels, all lengths in mm. */
export interface Slice {
  readonly pixels: Float32Array
  readonly columns: number
  readonly rows: number
  /** Distance between pixel centres. */
  readonly spacing: number
  /** Position of the centre of the first pixel along the columns' and the rows' direction. */
  readonly x0: number
  readonly y0: number
  /** Position of the plane along its normal. */
  readonly z: number
}

export type Point = readonly [x: number, y: number, z: number]
/** A point on a tube's axis with the tube's radius there. */
export type Joint = readonly [x: number, y: number, z: number, radius: number]

/** What to paint: one value, or one per place. */
export type Paint = number | ((x: number, y: number) => number)

export interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** A blank plane centred on (0, 0). */
export function createSlice(columns: number, rows: number, spacing: number, z: number, fill: number): Slice {
  return {
    pixels: new Float32Array(columns * rows).fill(fill),
    columns,
    rows,
    spacing,
    x0: (-(columns - 1) / 2) * spacing,
    y0: (-(rows - 1) / 2) * spacing,
    z,
  }
}

/**
 * Paints where `distance` (mm, negative inside) is below zero, the edge spread over `soft` mm so that it is not jagged.
 * Only pixels within `box` are looked at.
 */
export function paintRegion(
  slice: Slice,
  box: Box,
  distance: (x: number, y: number) => number,
  paint: Paint,
  soft = slice.spacing,
): void {
  const { pixels, columns, spacing, x0, y0 } = slice
  const c0 = Math.max(0, Math.floor((box.left - x0) / spacing))
  const c1 = Math.min(columns - 1, Math.ceil((box.right - x0) / spacing))
  const r0 = Math.max(0, Math.floor((box.top - y0) / spacing))
  const r1 = Math.min(slice.rows - 1, Math.ceil((box.bottom - y0) / spacing))
  for (let r = r0; r <= r1; r++) {
    const y = y0 + r * spacing
    for (let c = c0, at = r * columns + c0; c <= c1; c++, at++) {
      const x = x0 + c * spacing
      const cover = clamp01(0.5 - distance(x, y) / soft)
      if (cover === 0) continue
      const value = typeof paint === 'number' ? paint : paint(x, y)
      const under = pixels[at]!
      pixels[at] = under + (value - under) * cover
    }
  }
}

/** The cut through an ellipsoid, turned by `yaw` radians about the plane's normal. */
export function paintEllipsoid(
  slice: Slice,
  [cx, cy, cz]: Point,
  [rx, ry, rz]: Point,
  paint: Paint,
  options: { readonly yaw?: number; readonly soft?: number } = {},
): void {
  const h = (slice.z - cz) / rz
  if (h <= -1 || h >= 1) return
  const cut = Math.sqrt(1 - h * h)
  const a = rx * cut
  const b = ry * cut
  const cos = Math.cos(options.yaw ?? 0)
  const sin = Math.sin(options.yaw ?? 0)
  const reachX = Math.hypot(a * cos, b * sin) + slice.spacing
  const reachY = Math.hypot(a * sin, b * cos) + slice.spacing
  const box = { left: cx - reachX, right: cx + reachX, top: cy - reachY, bottom: cy + reachY }
  const distance = (x: number, y: number) => {
    const u = ((x - cx) * cos + (y - cy) * sin) / a
    const v = ((y - cy) * cos - (x - cx) * sin) / b
    const q = u * u + v * v
    const slope = 2 * Math.sqrt((u * u) / (a * a) + (v * v) / (b * b))
    return slope === 0 ? -Math.min(a, b) : (q - 1) / slope
  }
  paintRegion(slice, box, distance, paint, options.soft)
}

/** The cut through a tube: round cones along the joints. */
export function paintTube(slice: Slice, joints: readonly Joint[], paint: Paint, soft?: number): void {
  for (let i = 1; i < joints.length; i++) paintCone(slice, joints[i - 1]!, joints[i]!, paint, soft)
}

function paintCone(slice: Slice, a: Joint, b: Joint, paint: Paint, soft = slice.spacing): void {
  const margin = soft / 2
  const z = slice.z
  if (z < Math.min(a[2] - a[3], b[2] - b[3]) - margin || z > Math.max(a[2] + a[3], b[2] + b[3]) + margin)
    return
  const dx = b[0] - a[0]
  const dy = b[1] - a[1]
  const dz = b[2] - a[2]
  const length2 = dx * dx + dy * dy + dz * dz || 1e-9
  const grow = b[3] - a[3]
  const az = z - a[2]
  const distance = (x: number, y: number) => {
    const px = x - a[0]
    const py = y - a[1]
    const t = clamp01((px * dx + py * dy + az * dz) / length2)
    const ex = px - t * dx
    const ey = py - t * dy
    const ez = az - t * dz
    return Math.sqrt(ex * ex + ey * ey + ez * ez) - a[3] - t * grow
  }
  paintRegion(slice, coneBox(a, b, z, margin), distance, paint, soft)
}

/** The part of the cone's bounding box that the plane can meet. */
function coneBox(a: Joint, b: Joint, z: number, margin: number): Box {
  const reach = Math.max(a[3], b[3]) + margin
  const dz = b[2] - a[2]
  const steep = Math.abs(dz) > 1e-6
  const t0 = steep ? clamp01((z - reach - a[2]) / dz) : 0
  const t1 = steep ? clamp01((z + reach - a[2]) / dz) : 1
  const xs = [a[0] + (b[0] - a[0]) * t0, a[0] + (b[0] - a[0]) * t1]
  const ys = [a[1] + (b[1] - a[1]) * t0, a[1] + (b[1] - a[1]) * t1]
  return {
    left: Math.min(...xs) - reach,
    right: Math.max(...xs) + reach,
    top: Math.min(...ys) - reach,
    bottom: Math.max(...ys) + reach,
  }
}

/** The same joints on the other side of the body. */
export function mirrored(joints: readonly Joint[]): Joint[] {
  return joints.map(([x, y, z, r]) => [-x, y, z, r] as const)
}

/** The point spread of a detector: a 1-2-1 kernel along both directions, in place. The rim is left as it is. */
export function soften({ pixels, columns, rows }: Slice): void {
  for (let r = 0; r < rows; r++) {
    let before = pixels[r * columns]!
    for (let at = r * columns + 1, end = (r + 1) * columns - 1; at < end; at++) {
      const here = pixels[at]!
      pixels[at] = (before + 2 * here + pixels[at + 1]!) / 4
      before = here
    }
  }
  const above = pixels.slice(0, columns)
  for (let r = 1; r < rows - 1; r++)
    for (let c = 0, at = r * columns; c < columns; c++, at++) {
      const here = pixels[at]!
      pixels[at] = (above[c]! + 2 * here + pixels[at + columns]!) / 4
      above[c] = here
    }
}
