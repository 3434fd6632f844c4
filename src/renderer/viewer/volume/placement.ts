import type { Presentation } from '../stage/image-view.ts'

/** Picture pixels to CSS pixels of the pane: x' = a x + c y + e, y' = b x + d y + f, as a canvas has it. */
export interface Placement {
  a: number
  b: number
  c: number
  d: number
  e: number
  f: number
}

export const fitted: Presentation = {
  zoom: 1,
  pan: [0, 0],
  rotation: 0,
  flipHorizontal: false,
  flipVertical: false,
}

interface Size {
  width: number
  height: number
}

/** CSS pixels per picture pixel when the whole picture is seen. */
export const fitScale = (picture: Size, pane: Size): number =>
  Math.max(1e-6, Math.min(pane.width / picture.width, pane.height / picture.height))

/** The picture in the middle of the pane, flipped, turned clockwise, enlarged, moved: in this order. `pan` is in CSS pixels at zoom 1. */
export function placement(picture: Size, pane: Size, p: Presentation): Placement {
  const scale = fitScale(picture, pane) * p.zoom
  const angle = (p.rotation * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const sx = p.flipHorizontal ? -scale : scale
  const sy = p.flipVertical ? -scale : scale
  const [a, b, c, d] = [cos * sx, sin * sx, -sin * sy, cos * sy]
  const [x, y] = [picture.width / 2, picture.height / 2]
  return {
    a,
    b,
    c,
    d,
    e: pane.width / 2 + p.pan[0] * p.zoom - a * x - c * y,
    f: pane.height / 2 + p.pan[1] * p.zoom - b * x - d * y,
  }
}

export const placed = ({ a, b, c, d, e, f }: Placement, x: number, y: number): [number, number] => [
  a * x + c * y + e,
  b * x + d * y + f,
]

export function unplaced({ a, b, c, d, e, f }: Placement, x: number, y: number): [number, number] {
  const det = a * d - b * c
  return [(d * (x - e) - c * (y - f)) / det, (a * (y - f) - b * (x - e)) / det]
}
