import { type FigureKind, handlesOf } from './figure.ts'
import { ellipseLine, middle, type Point } from './geometry.ts'

/** What is drawn of a figure, in image pixels: lines, an arrow's head at the end of one, a mark of fixed size on the screen. */
export interface Shapes {
  lines: { points: Point[]; closed?: boolean; dashed?: boolean }[]
  /** From the shaft to the tip. */
  arrow: { from: Point; tip: Point } | null
  marks: Point[]
}

export function shapesOf(kind: FigureKind, points: readonly Point[]): Shapes {
  const [a, b, c, d] = points
  const none: Shapes = { lines: [], arrow: null, marks: [] }
  if (!a) return none
  if (!b) return { ...none, marks: [a] }
  switch (kind) {
    case 'arrow':
      return { ...none, lines: [{ points: [a, b] }], arrow: { from: b, tip: a } }
    case 'angle':
      return { ...none, lines: [{ points: c ? [a, b, c] : [a, b] }] }
    case 'cobb':
      return {
        ...none,
        lines: [
          { points: [a, b] },
          ...(c && d ? [{ points: [c, d] }, { points: [middle(a, b), middle(c, d)], dashed: true }] : []),
        ],
        marks: c && !d ? [c] : [],
      }
    case 'bidirectional':
      return { ...none, lines: [{ points: [a, b] }, ...(c && d ? [{ points: [c, d] }] : [])] }
    case 'rectangle':
      return { ...none, lines: [{ points: handlesOf(kind, points), closed: true }] }
    case 'ellipse':
      return { ...none, lines: [{ points: ellipseLine(points), closed: true }] }
    default:
      return { ...none, lines: [{ points: [a, b], ...(kind === 'calibrate' && { dashed: true }) }] }
  }
}
