import type { Point } from './geometry.ts'

/** From image pixels to the pane's CSS pixels: x = a·column + c·row + e, y = b·column + d·row + f (as SVG and canvas name them). */
export interface Affine {
  a: number
  b: number
  c: number
  d: number
  e: number
  f: number
}

export const through = (m: Affine, [x, y]: Point): Point => [m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f]

/** The transformation that takes (0,0), (1,0) and (0,1) to these places. */
export const affineOf = (origin: Point, right: Point, down: Point): Affine => ({
  a: right[0] - origin[0],
  b: right[1] - origin[1],
  c: down[0] - origin[0],
  d: down[1] - origin[1],
  e: origin[0],
  f: origin[1],
})

export function inverse(m: Affine): Affine {
  const determinant = m.a * m.d - m.b * m.c
  const [a, b, c, d] = [m.d / determinant, -m.b / determinant, -m.c / determinant, m.a / determinant]
  return { a, b, c, d, e: -(a * m.e + c * m.f), f: -(b * m.e + d * m.f) }
}

/** Larger by a factor, after moving the place `from` to the corner. */
export const scaled = (m: Affine, factor: number, from: Point): Affine => ({
  a: m.a * factor,
  b: m.b * factor,
  c: m.c * factor,
  d: m.d * factor,
  e: (m.e - from[0]) * factor,
  f: (m.f - from[1]) * factor,
})
