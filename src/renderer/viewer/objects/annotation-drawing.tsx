import { type Affine, through } from '../measure/affine.ts'
import type { Annotation } from './presentation-state.ts'

type Points = readonly (readonly [number, number])[]

/** A figure of PS3.3 C.10.5.1.2 as SVG path data, its points in pane pixels. */
export function figurePath(type: string, points: Points): string {
  const [first, second, third] = points
  if (!first) return ''
  const at = ([x, y]: readonly [number, number]) => `${x.toFixed(2)} ${y.toFixed(2)}`
  if (type === 'POINT') return `M${first[0] - 4} ${first[1]}h8M${first[0]} ${first[1] - 4}v8`
  if (type === 'CIRCLE' && second) {
    const r = Math.hypot(second[0] - first[0], second[1] - first[1])
    return `M${at([first[0] - r, first[1]])}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`
  }
  if (type === 'ELLIPSE' && second && third) {
    const fourth = points[3] ?? third
    const long = Math.hypot(second[0] - first[0], second[1] - first[1]) / 2
    const short = Math.hypot(fourth[0] - third[0], fourth[1] - third[1]) / 2
    const angle = (Math.atan2(second[1] - first[1], second[0] - first[0]) * 180) / Math.PI
    return `M${at(first)}A${long} ${short} ${angle} 1 0 ${at(second)}A${long} ${short} ${angle} 1 0 ${at(first)}Z`
  }
  return `M${points.map(at).join('L')}`
}

/** What a presentation state draws on its image. `relative` figures lie in the image's own box: all of it is displayed. */
export function AnnotationDrawing(props: {
  annotations: readonly Annotation[]
  size: { rows: number; columns: number }
  toPane: Affine
}) {
  const { size, toPane } = props
  return (
    <svg
      className="vigil-viewer-objects vigil-viewer-annotations"
      data-layer="annotations"
      aria-hidden="true"
    >
      {props.annotations.flatMap(({ relative, graphics, texts }, n) => {
        const place = ([x, y]: readonly [number, number]) =>
          through(toPane, relative ? [x * size.columns, y * size.rows] : [x, y])
        return [
          ...graphics.map(({ type, points, filled }, i) => (
            <path
              // biome-ignore lint/suspicious/noArrayIndexKey: figures have no other name
              key={`g${n}-${i}`}
              d={figurePath(type, points.map(place))}
              data-filled={filled}
            />
          )),
          ...texts.map(({ value, at }, i) => {
            const [x, y] = place(at)
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: texts have no other name
              <text key={`t${n}-${i}`} x={x + 6} y={y - 6}>
                {value.split(/\r?\n/).join(' ')}
              </text>
            )
          }),
        ]
      })}
    </svg>
  )
}
