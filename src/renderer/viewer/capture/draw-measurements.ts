import { arrowHead, markArms } from '../measure/figure-drawing.tsx'
import type { Point } from '../measure/geometry.ts'
import { type LaidOut, labelType } from '../measure/layout.ts'

const colours = {
  line: '#7fd4ff',
  below: 'rgb(0 0 0 / 72%)',
  ground: 'rgb(9 13 17 / 82%)',
  text: '#9fe0ff',
  letter: '#ffd34d',
}
const family = '"Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif'

type Context = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'stroke'
  | 'fillRect'
  | 'fillText'
  | 'strokeText'
  | 'setLineDash'
  | 'lineWidth'
  | 'strokeStyle'
  | 'fillStyle'
  | 'font'
  | 'textBaseline'
  | 'textAlign'
  | 'lineJoin'
  | 'lineCap'
>

function line(
  context: Context,
  points: readonly Point[],
  style: string,
  width: number,
  dash: number[] = [],
): void {
  context.strokeStyle = style
  context.lineWidth = width
  context.setLineDash(dash)
  context.beginPath()
  points.forEach(([x, y], i) => {
    if (i === 0) context.moveTo(x, y)
    else context.lineTo(x, y)
  })
  context.stroke()
}

/** Measurements as they lie on the pane, in its CSS pixels; the context is scaled already. */
export function drawMeasurements(context: Context, laid: readonly LaidOut[]): void {
  context.lineJoin = 'round'
  context.lineCap = 'round'
  for (const { shapes, label } of laid) {
    if (label?.leader) line(context, [label.leader.from, label.leader.to], '#b7c4d0', 1, [2, 3])
    const lines = [
      ...shapes.lines.map(({ points, closed, dashed }) => ({
        points: closed ? [...points, points[0]!] : points,
        dashed,
      })),
      ...(shapes.arrow
        ? [{ points: arrowHead(shapes.arrow.from, shapes.arrow.tip, 13), dashed: false }]
        : []),
      ...shapes.marks.flatMap(markArms).map((points) => ({ points, dashed: false })),
    ]
    for (const { points } of lines) line(context, points, colours.below, 4)
    for (const { points, dashed } of lines) line(context, points, colours.line, 1.6, dashed ? [5, 4] : [])
  }
  context.setLineDash([])
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.font = `${labelType.size}px ${family}`
  for (const { label } of laid) {
    if (!label) continue
    const { box, lines } = label
    context.fillStyle = colours.ground
    context.fillRect(box.x, box.y, box.width, box.height)
    context.fillStyle = colours.text
    lines.forEach((text, i) => {
      const { padding } = labelType
      context.fillText(text, box.x + padding.x, box.y + padding.y + (i + 0.5) * labelType.line)
    })
  }
}

/** The letters of the patient's sides at the edges of a box. */
export function drawLetters(
  context: Context,
  letters: { left: string; right: string; top: string; bottom: string },
  box: { x: number; y: number; width: number; height: number },
): void {
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2]
  context.font = `600 14px ${family}`
  context.textBaseline = 'middle'
  context.textAlign = 'center'
  const write = (text: string, x: number, y: number) => {
    context.strokeStyle = '#000'
    context.lineWidth = 3
    context.strokeText(text, x, y)
    context.fillStyle = colours.letter
    context.fillText(text, x, y)
  }
  write(letters.left, box.x + 14, cy)
  write(letters.right, box.x + box.width - 14, cy)
  write(letters.top, cx, box.y + 14)
  write(letters.bottom, cx, box.y + box.height - 14)
}
