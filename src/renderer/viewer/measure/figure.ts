import type { MeasurementKind } from '../../../shared/measurement/index.ts'
import {
  dot,
  ellipseOf,
  middle,
  minus,
  norm,
  type Point,
  plus,
  type Spacing,
  times,
  toImage,
  toPlane,
} from './geometry.ts'

/** What is drawn: a kind of measurement, or the line of known length that calibrates the image. */
export type FigureKind = MeasurementKind | 'calibrate'

const placed: Record<FigureKind, number> = {
  length: 2,
  bidirectional: 2,
  angle: 3,
  cobb: 4,
  ellipse: 2,
  rectangle: 2,
  probe: 1,
  arrow: 2,
  text: 1,
  calibrate: 2,
}

/** How many places a person points at to draw one. */
export const placesOf = (kind: FigureKind): number => placed[kind]

/** The ellipse that fills the box between two corners; the axis that is longer in the image comes first (PS3.3 C.18.6.1.2). */
function ellipseIn(a: Point, b: Point): Point[] {
  const [x, y] = middle(a, b)
  return majorFirst([
    [a[0], y],
    [b[0], y],
    [x, a[1]],
    [x, b[1]],
  ])
}

function majorFirst(points: readonly Point[]): Point[] {
  const { a, b } = ellipseOf(points)
  return norm(b) > norm(a) ? [...points.slice(2), ...points.slice(0, 2)] : [...points]
}

/** The long axis, and across its middle a short one of half its length to begin with. */
function bidirectionalFrom(a: Point, b: Point, s: Spacing): Point[] {
  return withShortAxis(
    a,
    b,
    { at: 0.5, up: norm(toPlane(minus(b, a), s)) / 4, down: norm(toPlane(minus(b, a), s)) / 4 },
    s,
  )
}

interface ShortAxis {
  /** Where on the long axis it crosses, 0 to 1. */
  at: number
  /** Plane lengths to either side. */
  up: number
  down: number
}

function across(a: Point, b: Point, s: Spacing): Point {
  const along = toPlane(minus(b, a), s)
  const length = norm(along) || 1
  return [-along[1] / length, along[0] / length]
}

function withShortAxis(a: Point, b: Point, short: ShortAxis, s: Spacing): Point[] {
  const foot = plus(a, times(minus(b, a), short.at))
  const normal = across(a, b, s)
  return [
    a,
    b,
    plus(foot, toImage(times(normal, short.up), s)),
    plus(foot, toImage(times(normal, -short.down), s)),
  ]
}

function shortAxisOf([a, b, c, d]: readonly Point[], s: Spacing): ShortAxis {
  const along = toPlane(minus(b!, a!), s)
  const normal = across(a!, b!, s)
  const from = (p: Point) => toPlane(minus(p, a!), s)
  return {
    at: dot(from(c!), along) / (dot(along, along) || 1),
    up: dot(from(c!), normal),
    down: -dot(from(d!), normal),
  }
}

/** A measurement's points from the places pointed at so far, all of them or fewer. */
export function pointsFrom(kind: FigureKind, places: readonly Point[], s: Spacing): Point[] {
  const [a, b] = places
  if (kind === 'bidirectional' && a && b) return bidirectionalFrom(a, b, s)
  if (kind === 'ellipse' && a && b) return ellipseIn(a, b)
  return [...places]
}

/** The places at which a figure can be taken hold of. */
export function handlesOf(kind: FigureKind, points: readonly Point[]): Point[] {
  const [a, b] = points
  if (kind === 'rectangle' && a && b) return [a, [b[0], a[1]], b, [a[0], b[1]]]
  return [...points]
}

/** The figure with one handle moved, as far as its kind allows: axes stay at right angles, boxes stay boxes. */
export function moveHandle(
  kind: FigureKind,
  points: readonly Point[],
  handle: number,
  to: Point,
  s: Spacing,
): Point[] {
  const moved = points.map((point, i) => (i === handle ? to : point))
  const [a, b] = points as [Point, Point]
  switch (kind) {
    case 'rectangle': {
      const opposite = handlesOf(kind, points)[(handle + 2) % 4]!
      // The two that are kept: the first and third corner, in the order in which they were drawn.
      if (handle === 0) return [to, opposite]
      if (handle === 2) return [opposite, to]
      const [left, right] = handle === 1 ? [opposite, to] : [to, opposite]
      return [
        [left[0], handle === 1 ? to[1] : opposite[1]],
        [right[0], handle === 1 ? opposite[1] : to[1]],
      ]
    }
    case 'ellipse': {
      // The end moves along its axis and its opposite stays; the other axis goes with the centre.
      const other = handle ^ 1
      const axis = minus(points[handle]!, points[other]!)
      const length = norm(axis) || 1
      const along = times(axis, 1 / length)
      const end = plus(points[other]!, times(along, dot(minus(to, points[other]!), along)))
      const shift = minus(middle(end, points[other]!), middle(points[handle]!, points[other]!))
      return points.map((point, i) => (i === handle ? end : i === other ? point : plus(point, shift)))
    }
    case 'bidirectional': {
      const short = shortAxisOf(points, s)
      if (handle < 2) return withShortAxis(moved[0]!, moved[1]!, short, s)
      const along = toPlane(minus(b, a), s)
      const from = toPlane(minus(to, a), s)
      const at = Math.min(1, Math.max(0, dot(from, along) / (dot(along, along) || 1)))
      const apart = dot(from, across(a, b, s))
      return withShortAxis(
        a,
        b,
        handle === 2 ? { ...short, at, up: Math.max(0, apart) } : { ...short, at, down: Math.max(0, -apart) },
        s,
      )
    }
    default:
      return moved
  }
}

/** The figure as it is kept: an ellipse's longer axis first. */
export const settled = (kind: FigureKind, points: readonly Point[]): Point[] =>
  kind === 'ellipse' ? majorFirst(points) : [...points]

/** The whole figure moved, as far as the image goes. */
export function moveWhole(
  points: readonly Point[],
  by: Point,
  image: { columns: number; rows: number },
): Point[] {
  const room = (axis: 0 | 1, end: number) => {
    const all = points.map((point) => point[axis])
    const [low, high] = [-Math.min(...all), end - Math.max(...all)]
    return low > high ? 0 : Math.min(Math.max(by[axis], low), high)
  }
  const shift: Point = [room(0, image.columns), room(1, image.rows)]
  return points.map((point) => plus(point, shift))
}

/** Too small to be meant: a click where a line was to be drawn. Distances in image pixels. */
export function isSpeck(kind: FigureKind, points: readonly Point[]): boolean {
  if (placesOf(kind) === 1) return false
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  const [wide, tall] = [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)]
  return kind === 'rectangle' || kind === 'ellipse' ? wide < 0.5 || tall < 0.5 : Math.max(wide, tall) < 0.5
}
