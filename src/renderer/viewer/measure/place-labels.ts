import type { Point } from './geometry.ts'

/** CSS pixels of the pane. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface LabelWish {
  id: string
  size: { width: number; height: number }
  /** What the label speaks of and must not cover. */
  around: Box
  /** Moved by hand by this much; then it stays there, whatever it covers. */
  offset: Point | null
}

const gap = 10
const apart = (a: Box, b: Box) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y

const within = (value: number, room: number) => Math.min(Math.max(value, 0), Math.max(0, room))

/**
 * Where each label goes: beside its figure, to the right where there is room, else left, below, above; off the other labels
 * and figures where that can be had, and always wholly in the pane.
 */
export function placeLabels(
  wishes: readonly LabelWish[],
  pane: { width: number; height: number },
): Map<string, Box> {
  const placed = new Map<string, Box>()
  for (const { id, size, around, offset } of wishes) {
    const { width, height } = size
    const inPane = ([x, y]: Point): Box => ({
      x: within(x, pane.width - width),
      y: within(y, pane.height - height),
      width,
      height,
    })
    const [cx, cy] = [around.x + around.width / 2, around.y + around.height / 2]
    const sides: Point[] = [
      [around.x + around.width + gap, cy - height / 2],
      [around.x - gap - width, cy - height / 2],
      [cx - width / 2, around.y + around.height + gap],
      [cx - width / 2, around.y - gap - height],
    ]
    if (offset) {
      const [x, y] = sides[0]!
      placed.set(id, inPane([x + offset[0], y + offset[1]]))
      continue
    }
    const others = wishes.filter((other) => other.id !== id).map((other) => other.around)
    const free = (box: Box, figures: boolean) =>
      apart(box, around) &&
      [...placed.values()].every((other) => apart(box, other)) &&
      (!figures || others.every((other) => apart(box, other)))
    const shifts = [0, 1, -1, 2, -2, 3, -3]
    const places = shifts.flatMap((shift) => sides.map(([x, y]) => inPane([x, y + shift * (height + 4)])))
    placed.set(
      id,
      places.find((box) => free(box, true)) ?? places.find((box) => free(box, false)) ?? places[0]!,
    )
  }
  return placed
}
