import { clamp01, mix } from '../raster/noise.ts'
import type { Box } from '../raster/slice.ts'

/** mm outside a plane shape, with the box that holds it. */
export type Shape = ((x: number, y: number) => number) & { readonly box: Box }

const everywhere: Box = { left: -90, right: 90, top: -90, bottom: 90 }

export function shape(distance: (x: number, y: number) => number, box: Box = everywhere): Shape {
  return Object.assign(distance, { box })
}

/** An ellipse, turned by `tilt` radians. */
export function disc(cx: number, cy: number, a: number, b: number, tilt = 0): Shape {
  const cos = Math.cos(tilt)
  const sin = Math.sin(tilt)
  const least = Math.min(a, b)
  const distance = (x: number, y: number) => {
    const u = ((x - cx) * cos + (y - cy) * sin) / a
    const v = ((y - cy) * cos - (x - cx) * sin) / b
    return (Math.sqrt(u * u + v * v) - 1) * least
  }
  const reach = Math.max(a, b) + 2
  return shape(distance, { left: cx - reach, right: cx + reach, top: cy - reach, bottom: cy + reach })
}

/** A band between two points with a radius at each. */
export function strip(ax: number, ay: number, bx: number, by: number, ra: number, rb = ra): Shape {
  const dx = bx - ax
  const dy = by - ay
  const length2 = dx * dx + dy * dy
  const distance = (x: number, y: number) => {
    const t = clamp01(((x - ax) * dx + (y - ay) * dy) / length2)
    const ex = x - ax - t * dx
    const ey = y - ay - t * dy
    return Math.sqrt(ex * ex + ey * ey) - mix(ra, rb, t)
  }
  const reach = Math.max(ra, rb) + 2
  return shape(distance, {
    left: Math.min(ax, bx) - reach,
    right: Math.max(ax, bx) + reach,
    top: Math.min(ay, by) - reach,
    bottom: Math.max(ay, by) + reach,
  })
}

/** Shapes melted into one; `k` mm is how far the seam is filled. */
export function union(k: number, first: Shape, ...others: Shape[]): Shape {
  const distance = (x: number, y: number) => {
    let d = first(x, y)
    for (const other of others) {
      const e = other(x, y)
      const h = clamp01(0.5 + (e - d) / (2 * k))
      d = mix(e, d, h) - k * h * (1 - h)
    }
    return d
  }
  const boxes = [first, ...others].map((part) => part.box)
  return shape(distance, {
    left: Math.min(...boxes.map((b) => b.left)) - 2,
    right: Math.max(...boxes.map((b) => b.right)) + 2,
    top: Math.min(...boxes.map((b) => b.top)) - 2,
    bottom: Math.max(...boxes.map((b) => b.bottom)) + 2,
  })
}
