import type { Measurement } from '../../shared/measurement/index.ts'

type Point = Measurement['points'][number]

/** A figure of PS3.3 C.18.6.1.2 (SCOORD) or C.10.5.1.2 (presentation state): both count (0,0) from the first pixel's corner. */
export interface Graphic {
  type: 'POINT' | 'POLYLINE' | 'ELLIPSE'
  points: Point[]
}

const distance = ([a, b]: Point, [c, d]: Point) => Math.hypot(a - c, b - d)

/** How many points each tool gives; fewer say nothing. */
const pointsOf: Record<Measurement['kind'], number> = {
  length: 2,
  bidirectional: 4,
  angle: 3,
  cobb: 4,
  ellipse: 4,
  rectangle: 2,
  probe: 1,
  arrow: 2,
  text: 1,
}
export const isComplete = ({ kind, points }: Measurement) => points.length >= pointsOf[kind]

/** The figures that a measurement was drawn as. Of an ellipse the major axis comes first. */
export function graphicsOf({ kind, points }: Measurement): Graphic[] {
  const at = (i: number): Point => points[i]!
  const line = (...of: Point[]): Graphic => ({ type: 'POLYLINE', points: of })
  switch (kind) {
    case 'bidirectional':
    case 'cobb':
      return [line(at(0), at(1)), line(at(2), at(3))]
    case 'ellipse': {
      const [first, second] = [points.slice(0, 2), points.slice(2, 4)]
      const isMajor = distance(at(0), at(1)) >= distance(at(2), at(3))
      return [{ type: 'ELLIPSE', points: isMajor ? [...first, ...second] : [...second, ...first] }]
    }
    case 'rectangle': {
      const [[left, top], [right, bottom]] = [at(0), at(1)]
      return [line([left, top], [right, top], [right, bottom], [left, bottom], [left, top])]
    }
    case 'probe':
    case 'text':
      return [{ type: 'POINT', points: [at(0)] }]
    default:
      return [line(...points)]
  }
}
