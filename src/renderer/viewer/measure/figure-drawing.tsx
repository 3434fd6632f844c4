import { minus, norm, type Point, plus, times } from './geometry.ts'
import type { LaidOut } from './layout.ts'

export type FigureState = 'kept' | 'hovered' | 'selected' | 'drawn'

const list = (points: readonly Point[]) => points.map((point) => point.join(',')).join(' ')

/** The two sides of an arrow's head, and its tip, `size` pixels long. */
export function arrowHead(from: Point, tip: Point, size: number): Point[] {
  const back = minus(from, tip)
  const unit = times(back, 1 / (norm(back) || 1))
  const side: Point = [-unit[1], unit[0]]
  const foot = plus(tip, times(unit, size))
  return [plus(foot, times(side, size * 0.4)), tip, plus(foot, times(side, -size * 0.4))]
}

/** The four arms of a mark on one pixel, open in the middle so that the pixel is seen. */
export const markArms = ([x, y]: Point): [Point, Point][] => [
  [
    [x - 9, y],
    [x - 3, y],
  ],
  [
    [x + 3, y],
    [x + 9, y],
  ],
  [
    [x, y - 9],
    [x, y - 3],
  ],
  [
    [x, y + 3],
    [x, y + 9],
  ],
]

/** Each line twice: a dark one below, so that it is seen on white as on black. */
export function Figure({ figure, state }: { figure: LaidOut; state: FigureState }) {
  const { shapes, handles, label } = figure
  const lines = [
    ...shapes.lines.map(({ points, closed, dashed }) => ({
      points: closed ? [...points, points[0]!] : points,
      dashed,
    })),
    ...(shapes.arrow ? [{ points: arrowHead(shapes.arrow.from, shapes.arrow.tip, 13), dashed: false }] : []),
    ...shapes.marks.flatMap(markArms).map((points) => ({ points, dashed: false })),
  ]
  return (
    <g data-measurement={figure.id} data-kind={figure.kind} data-state={state}>
      {label?.leader && (
        <polyline className="vigil-measure-leader" points={list([label.leader.from, label.leader.to])} />
      )}
      {(['below', 'line'] as const).map((part) =>
        lines.map(({ points, dashed }, i) => (
          <polyline
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name but their place
            key={`${part} ${i}`}
            className={`vigil-measure-${part}`}
            data-dashed={dashed ?? false}
            points={list(points)}
          />
        )),
      )}
      {state !== 'kept' &&
        handles.map(([x, y], i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: handles have no name but their place
          <circle key={i} className="vigil-measure-handle" cx={x} cy={y} r={4} />
        ))}
    </g>
  )
}
