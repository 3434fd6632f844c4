import { type Affine, through } from '../measure/affine.ts'
import type { Box } from '../measure/place-labels.ts'

/** CSS pixels round the image, so that letters at its edges are not cut. */
const margin = 6

/** The part of the pane that holds the image and the labels beside it, in whole CSS pixels. */
export function cropOf(
  image: { columns: number; rows: number },
  toPane: Affine,
  labels: readonly Box[],
  pane: { width: number; height: number },
): Box {
  const corners = [
    through(toPane, [0, 0]),
    through(toPane, [image.columns, 0]),
    through(toPane, [0, image.rows]),
    through(toPane, [image.columns, image.rows]),
    ...labels.flatMap((box) => [[box.x, box.y] as const, [box.x + box.width, box.y + box.height] as const]),
  ]
  const xs = corners.map(([x]) => x)
  const ys = corners.map(([, y]) => y)
  const left = Math.max(0, Math.floor(Math.min(...xs) - margin))
  const top = Math.max(0, Math.floor(Math.min(...ys) - margin))
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.min(pane.width, Math.ceil(Math.max(...xs) + margin)) - left),
    height: Math.max(1, Math.min(pane.height, Math.ceil(Math.max(...ys) + margin)) - top),
  }
}

/** So many output pixels for a CSS pixel: one for each of the image's, no fewer than the screen's, at most 1600 a side. */
export function captureScale(crop: Box, toPane: Affine, screen: number): number {
  const perImagePixel = Math.min(Math.hypot(toPane.a, toPane.b), Math.hypot(toPane.c, toPane.d))
  return Math.min(Math.max(1 / perImagePixel, screen), 1600 / Math.max(crop.width, crop.height))
}
