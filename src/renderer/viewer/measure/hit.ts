import type { Measurement } from '../../../shared/measurement/index.ts'
import { type Affine, through } from './affine.ts'
import { handlesOf } from './figure.ts'
import { dot, minus, norm, type Point, plus, times } from './geometry.ts'
import { shapesOf } from './shapes.ts'

/** What lies under the pointer: a handle by its number, or the figure itself. */
export interface Hit {
  id: string
  handle: number | null
}

/** CSS pixels. */
const reach = { handle: 8, line: 6 }

function toSegment(p: Point, a: Point, b: Point): number {
  const along = minus(b, a)
  const at = Math.min(1, Math.max(0, dot(minus(p, a), along) / (dot(along, along) || 1)))
  return norm(minus(p, plus(a, times(along, at))))
}

/** The nearest handle in reach, else the nearest line; of those drawn on top first. `at` in the pane's CSS pixels. */
export function hitAt(measurements: readonly Measurement[], at: Point, toPane: Affine): Hit | null {
  let best: { hit: Hit; apart: number } | null = null
  const offer = (hit: Hit, apart: number, limit: number) => {
    if (apart <= limit && (!best || apart < best.apart)) best = { hit, apart }
  }
  for (const { id, kind, points } of measurements.toReversed())
    handlesOf(kind, points).forEach((point, handle) => {
      offer({ id, handle }, norm(minus(at, through(toPane, point))), reach.handle)
    })
  if (best) return (best as { hit: Hit }).hit
  for (const { id, kind, points } of measurements.toReversed())
    for (const { points: line, closed } of shapesOf(kind, points).lines) {
      const on = line.map((point) => through(toPane, point))
      const ends = closed ? [...on.slice(1), on[0]!] : on.slice(1)
      ends.forEach((end, i) => {
        offer({ id, handle: null }, toSegment(at, on[i]!, end), reach.line)
      })
    }
  return (best as { hit: Hit } | null)?.hit ?? null
}
