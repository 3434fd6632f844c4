import type { Types } from '@cornerstonejs/core'
import type { StageImage } from '../stage/cornerstone-image.ts'
import type { ImageView } from '../stage/image-view.ts'
import type { StackState, StackView } from '../stage/stack-view.ts'
import { type Affine, affineOf } from './affine.ts'
import type { Point } from './geometry.ts'

/** A pane whose image is on screen, and where its pixels are. */
export interface ShownImage {
  view: StackView
  image: StageImage
  toPane: Affine
}

/** Null while no image of a stack is on screen. */
export function shownImage(view: ImageView | null): ShownImage | null {
  if (view?.kind !== 'stack') return null
  const stack = view as StackView
  const { phase, shown } = stack.state() as StackState
  if (phase !== 'loaded' || !shown || stack.viewport.getCurrentImageId() !== shown.imageId) return null
  const data = stack.viewport.getImageData()
  if (!data) return null
  const { origin, direction, spacing } = data
  const at = (column: number, row: number): Point => {
    // cornerstone's places are those of pixel centres.
    const [i, j] = [(column - 0.5) * spacing[0]!, (row - 0.5) * spacing[1]!]
    const world = [0, 1, 2].map((k) => origin[k]! + direction[k]! * i + direction[3 + k]! * j)
    const [x, y] = stack.viewport.worldToCanvas(world as unknown as Types.Point3)
    return [x, y]
  }
  return { view: stack, image: shown, toPane: affineOf(at(0, 0), at(1, 0), at(0, 1)) }
}
