import type { Measurement } from '../../../shared/measurement/index.ts'
import type { Say } from '../texts/index.ts'
import { type Affine, through } from './affine.ts'
import { type FigureKind, handlesOf } from './figure.ts'
import type { Point } from './geometry.ts'
import { labelLines } from './label-text.ts'
import { type Box, placeLabels } from './place-labels.ts'
import type { ScaleSource } from './scale.ts'
import { type Shapes, shapesOf } from './shapes.ts'

/** A figure as it lies on the pane, in CSS pixels. */
export interface LaidOut {
  id: string
  kind: FigureKind
  shapes: Shapes
  handles: Point[]
  label: { lines: string[]; box: Box; leader: { from: Point; to: Point } | null } | null
}

export const labelType = { size: 13, line: 18, padding: { x: 6, y: 3 } } as const

/** Wide signs take the full size of the type, others a little over half. */
const textWidth = (text: string) =>
  [...text].reduce((sum, sign) => sum + (sign.codePointAt(0)! > 0x2e80 ? 1 : 0.57) * labelType.size, 0)

/** Figures and labels of one image's measurements, `toPane` taking its pixels to the pane. */
export function layOut(
  measurements: readonly (Omit<Measurement, 'kind'> & { kind: FigureKind })[],
  facts: {
    toPane: Affine
    pane: { width: number; height: number }
    source: ScaleSource
    offsets: Readonly<Record<string, Point>>
    say: Say
  },
): LaidOut[] {
  const onPane = (point: Point) => through(facts.toPane, point)
  const laid = measurements.map((one) => {
    const { lines, arrow, marks } = shapesOf(one.kind, one.points)
    const shapes: Shapes = {
      lines: lines.map((line) => ({ ...line, points: line.points.map(onPane) })),
      arrow: arrow && { from: onPane(arrow.from), tip: onPane(arrow.tip) },
      marks: marks.map(onPane),
    }
    const text = one.kind === 'calibrate' ? [] : labelLines(one as Measurement, facts.source, facts.say)
    return {
      one,
      shapes,
      text,
      around: boxOf([...shapes.lines.flatMap(({ points }) => points), ...shapes.marks]),
    }
  })
  const wishes = laid.flatMap(({ one, text, around }) =>
    text.length === 0
      ? []
      : [
          {
            id: one.id,
            size: {
              width: Math.ceil(Math.max(...text.map(textWidth))) + 2 * labelType.padding.x,
              height: text.length * labelType.line + 2 * labelType.padding.y,
            },
            around,
            offset: facts.offsets[one.id] ?? null,
          },
        ],
  )
  const boxes = placeLabels(wishes, facts.pane)
  return laid.map(({ one, shapes, text, around }) => {
    const box = boxes.get(one.id)
    return {
      id: one.id,
      kind: one.kind,
      shapes,
      handles: handlesOf(one.kind, one.points).map(onPane),
      label: box ? { lines: text, box, leader: leaderTo(box, around, shapes) } : null,
    }
  })
}

function boxOf(points: readonly Point[]): Box {
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}

/** From the label's nearest edge to the figure's nearest point, where they are not side by side. */
function leaderTo(box: Box, around: Box, shapes: Shapes): { from: Point; to: Point } | null {
  const ends = [
    ...shapes.lines.flatMap(({ points, closed }) => (closed ? points : midpoints(points))),
    ...shapes.marks,
  ]
  const middle: Point = [box.x + box.width / 2, box.y + box.height / 2]
  const apart = (point: Point) => Math.hypot(point[0] - middle[0], point[1] - middle[1])
  const to = ends.toSorted((a, b) => apart(a) - apart(b))[0] ?? [around.x, around.y]
  const from: Point = [
    Math.min(Math.max(to[0], box.x), box.x + box.width),
    Math.min(Math.max(to[1], box.y), box.y + box.height),
  ]
  return Math.hypot(to[0] - from[0], to[1] - from[1]) > 4 ? { from, to } : null
}

const midpoints = (points: readonly Point[]): Point[] =>
  points.flatMap((point, i) => {
    const next = points[i + 1]
    return next ? [point, [(point[0] + next[0]) / 2, (point[1] + next[1]) / 2] as Point] : [point]
  })
