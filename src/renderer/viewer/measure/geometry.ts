/** Column and row in the image, in pixels; (0,0) is the corner of the first pixel (PS3.3 C.10.5.1.2). */
export type Point = [number, number]

/** Distance between rows and between columns, in mm, or in column widths where no size is known. */
export interface Spacing {
  row: number
  column: number
}

export const plus = (a: Point, b: Point): Point => [a[0] + b[0], a[1] + b[1]]
export const minus = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1]]
export const times = (a: Point, by: number): Point => [a[0] * by, a[1] * by]
export const dot = (a: Point, b: Point) => a[0] * b[0] + a[1] * b[1]
export const middle = (a: Point, b: Point): Point => times(plus(a, b), 0.5)
export const norm = (a: Point) => Math.hypot(a[0], a[1])

/** A vector of the image in the plane's own unit, where lengths and angles are true. */
export const toPlane = (v: Point, s: Spacing): Point => [v[0] * s.column, v[1] * s.row]
export const toImage = (v: Point, s: Spacing): Point => [v[0] / s.column, v[1] / s.row]

export const distance = (a: Point, b: Point, s: Spacing) => norm(toPlane(minus(b, a), s))

/** The angle at a vertex, 0 to 180 degrees; 0 where an arm has no length. */
export function angleAt(vertex: Point, a: Point, b: Point, s: Spacing): number {
  return between(toPlane(minus(a, vertex), s), toPlane(minus(b, vertex), s))
}

/** The angle between two lines, 0 to 90 degrees: lines have no direction (Cobb). */
export function lineAngle(first: [Point, Point], second: [Point, Point], s: Spacing): number {
  const angle = between(toPlane(minus(first[1], first[0]), s), toPlane(minus(second[1], second[0]), s))
  return Math.min(angle, 180 - angle)
}

function between(u: Point, v: Point): number {
  const cross = u[0] * v[1] - u[1] * v[0]
  // atan2 stays exact near 0° and 180°, where the arc cosine does not.
  return (Math.abs(Math.atan2(cross, dot(u, v))) * 180) / Math.PI
}

/** The centre and half axes of an ellipse whose axes' ends are given; in the image they need not be at right angles. */
export function ellipseOf(points: readonly Point[]): { centre: Point; a: Point; b: Point } {
  const [a1, a2, b1, b2] = points as [Point, Point, Point, Point]
  return { centre: middle(a1, a2), a: times(minus(a2, a1), 0.5), b: times(minus(b2, b1), 0.5) }
}

/** Points on an ellipse's line, evenly by its parameter. */
export function ellipseLine(points: readonly Point[], count = 72): Point[] {
  const { centre, a, b } = ellipseOf(points)
  return Array.from({ length: count }, (_, i) => {
    const t = (2 * Math.PI * i) / count
    return plus(centre, plus(times(a, Math.cos(t)), times(b, Math.sin(t))))
  })
}

export function clampPoint([x, y]: Point, image: { columns: number; rows: number }): Point {
  return [Math.min(Math.max(x, 0), image.columns), Math.min(Math.max(y, 0), image.rows)]
}
