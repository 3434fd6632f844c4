import type { MeasuredValue, MeasurementKind } from '../../../shared/measurement/index.ts'
import {
  angleAt,
  distance,
  ellipseOf,
  lineAngle,
  norm,
  type Point,
  type Spacing,
  toPlane,
} from './geometry.ts'

/** How far apart an image's pixels are; `px` where nothing says, then in column widths. */
export interface Scale extends Spacing {
  unit: 'mm' | 'px'
}

/** An image's modality values, or its RGB samples side by side. */
export interface MeasuredPixels {
  columns: number
  rows: number
  values: ArrayLike<number>
  channels: 1 | 3
  /** The value that stands where the image has nothing (pixel padding); null where it has none. */
  padding?: number | null
  /** UCUM unit of the values: `[hnsf'U]`, `Bq/ml`, `1`. */
  unit: string
}

const named = (name: MeasuredValue['name'], value: number, unit: string): MeasuredValue => ({
  name,
  value,
  unit,
})

/** Lengths, angles and areas. Areas are of the figure drawn, not of the pixels in it. */
export function geometryValues(
  kind: MeasurementKind,
  points: readonly Point[],
  scale: Scale,
): MeasuredValue[] {
  const [a, b, c, d] = points as [Point, Point, Point, Point]
  const length = scale.unit === 'mm' ? 'mm' : '{pixels}'
  const area = scale.unit === 'mm' ? 'mm2' : '{pixels}'
  switch (kind) {
    case 'length':
      return [named('length', distance(a, b, scale), length)]
    case 'bidirectional':
      return [
        named('long-axis', distance(a, b, scale), length),
        named('short-axis', distance(c, d, scale), length),
      ]
    case 'angle':
      return [named('angle', angleAt(b, a, c, scale), 'deg')]
    case 'cobb':
      return [named('angle', lineAngle([a, b], [c, d], scale), 'deg')]
    case 'rectangle':
      return [named('area', Math.abs((b[0] - a[0]) * (b[1] - a[1])) * scale.row * scale.column, area)]
    case 'ellipse': {
      const axes = ellipseOf(points)
      const [u, v] = [toPlane(axes.a, scale), toPlane(axes.b, scale)]
      return [named('area', Math.PI * Math.abs(u[0] * v[1] - u[1] * v[0]), area)]
    }
    default:
      return []
  }
}

/** Whether a place lies in the region; null for kinds that have none. */
function regionOf(
  kind: MeasurementKind,
  points: readonly Point[],
): ((x: number, y: number) => boolean) | null {
  if (kind === 'rectangle') {
    const [a, b] = points as [Point, Point]
    const [left, right] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])]
    const [top, bottom] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])]
    return (x, y) => x >= left && x < right && y >= top && y < bottom
  }
  if (kind === 'ellipse') {
    const { centre, a, b } = ellipseOf(points)
    const determinant = a[0] * b[1] - a[1] * b[0]
    if (norm(a) === 0 || norm(b) === 0 || determinant === 0) return () => false
    return (x, y) => {
      const [dx, dy] = [x - centre[0], y - centre[1]]
      const u = (dx * b[1] - dy * b[0]) / determinant
      const v = (dy * a[0] - dx * a[1]) / determinant
      return u * u + v * v <= 1
    }
  }
  return null
}

/**
 * What the pixels say: of a probe the value of the pixel it points into (three for colour: red, green, blue); of a region the
 * mean, standard deviation (of all its pixels, divided by n), minimum, maximum and number of the pixels whose centres lie in it.
 * A region of a colour image has no mean: only its pixels are counted. Padding counts nowhere; a probe in it has no value.
 */
export function pixelValues(
  kind: MeasurementKind,
  points: readonly Point[],
  pixels: MeasuredPixels,
): MeasuredValue[] {
  const { columns, rows, values, channels, unit, padding = null } = pixels
  if (kind === 'probe') {
    const [[x, y]] = points as [Point]
    const [column, row] = [Math.min(Math.floor(x), columns - 1), Math.min(Math.floor(y), rows - 1)]
    if (column < 0 || row < 0) return []
    const from = (row * columns + column) * channels
    if (values[from] === padding) return []
    return Array.from({ length: channels }, (_, i) => named('value', values[from + i]!, unit))
  }
  const inside = regionOf(kind, points)
  if (!inside) return []
  const outline = kind === 'ellipse' ? boxOfEllipse(points) : points
  const within = (value: number, end: number) => Math.min(Math.max(value, 0), end)
  const xs = outline.map(([x]) => x)
  const ys = outline.map(([, y]) => y)
  const [left, right] = [
    within(Math.floor(Math.min(...xs)), columns),
    within(Math.ceil(Math.max(...xs)), columns),
  ]
  const [top, bottom] = [within(Math.floor(Math.min(...ys)), rows), within(Math.ceil(Math.max(...ys)), rows)]
  let count = 0
  let mean = 0
  let squares = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      if (!inside(x + 0.5, y + 0.5)) continue
      const value = values[(y * columns + x) * channels]!
      if (value === padding) continue
      count += 1
      if (channels !== 1) continue
      // Welford's recurrence: no loss of digits, however large the values are.
      const apart = value - mean
      mean += apart / count
      squares += apart * (value - mean)
      if (value < min) min = value
      if (value > max) max = value
    }
  const counted = named('count', count, '{pixels}')
  if (channels !== 1 || count === 0) return [counted]
  return [
    named('mean', mean, unit),
    named('sd', Math.sqrt(squares / count), unit),
    named('min', min, unit),
    named('max', max, unit),
    counted,
  ]
}

function boxOfEllipse(points: readonly Point[]): Point[] {
  const { centre, a, b } = ellipseOf(points)
  const half: Point = [Math.hypot(a[0], b[0]), Math.hypot(a[1], b[1])]
  return [
    [centre[0] - half[0], centre[1] - half[1]],
    [centre[0] + half[0], centre[1] + half[1]],
  ]
}
