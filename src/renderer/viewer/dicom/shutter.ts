import type { DicomJson } from '../../../shared/study/index.ts'
import { number, numbers, texts } from './attributes.ts'

type Point = readonly [column: number, row: number]

/** What of an image is to be seen; everything outside is black (PS3.3 C.7.6.11). Image pixels, the first from 0 to 1. */
export type Shutter =
  | { kind: 'rectangle'; left: number; right: number; top: number; bottom: number }
  | { kind: 'circle'; centre: Point; radius: number }
  | { kind: 'polygon'; points: Point[] }

/** All shutters of an image or presentation state: what is seen is what all of them leave. */
export function shuttersOf(attributes: DicomJson): Shutter[] {
  const shapes = texts(attributes, '00181600')
  const found: Shutter[] = []
  const value = (tag: string) => number(attributes, tag)
  if (shapes.includes('RECTANGULAR')) {
    // The edges name the first and the last column and row that are seen, from 1.
    const [left, right, top, bottom] = [
      value('00181602'),
      value('00181604'),
      value('00181606'),
      value('00181608'),
    ]
    if (left !== undefined && right !== undefined && top !== undefined && bottom !== undefined)
      found.push({ kind: 'rectangle', left: left - 1, right, top: top - 1, bottom })
  }
  if (shapes.includes('CIRCULAR')) {
    const [row, column] = numbers(attributes, '00181610')
    const radius = value('00181612')
    if (row !== undefined && column !== undefined && radius !== undefined)
      found.push({ kind: 'circle', centre: [column - 0.5, row - 0.5], radius })
  }
  if (shapes.includes('POLYGONAL')) {
    const all = numbers(attributes, '00181620')
    const points = Array.from(
      { length: all.length >> 1 },
      (_, i): Point => [all[2 * i + 1]! - 0.5, all[2 * i]! - 0.5],
    )
    if (points.length >= 3) found.push({ kind: 'polygon', points })
  }
  return found
}

/** An SVG path of what is seen, in image pixels. */
export function shutterPath(shutter: Shutter): string {
  switch (shutter.kind) {
    case 'rectangle':
      return `M${shutter.left} ${shutter.top}H${shutter.right}V${shutter.bottom}H${shutter.left}Z`
    case 'circle': {
      const { centre, radius: r } = shutter
      return `M${centre[0] - r} ${centre[1]}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`
    }
    case 'polygon':
      return `M${shutter.points.map(([x, y]) => `${x} ${y}`).join('L')}Z`
  }
}
