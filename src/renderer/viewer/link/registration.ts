import type { Triple } from '../dicom/plane.ts'
import type { ShownPlane } from '../stage/image-view.ts'
import { along, areParallel, minus, normalOf, plus } from './geometry.ts'

/**
 * What puts stacks of different frames of reference side by side (手动配准): the step along the normal between the slices that were
 * on the screen when they were linked. Within one frame of reference the positions themselves hold.
 */
export interface Registrations {
  /** The point that corresponds to `from`'s plane in `to`'s frame of reference; null where the stacks do not run the same way. */
  carry(from: ShownPlane, to: ShownPlane): Triple | null
  /** Both are by hand, not by the patient's position. */
  byHand(a: ShownPlane, b: ShownPlane): boolean
  /** The slices shown from now on correspond anew. */
  clear(): void
}

/** From one frame of reference to another, of stacks that run the way of `along`. */
interface Step {
  along: ShownPlane
  step: Triple
}

export function createRegistrations(): Registrations {
  // Axial stacks correspond by another step than coronal ones of the same frames.
  const steps = new Map<string, Step[]>()
  const key = (a: ShownPlane, b: ShownPlane) => `${a.frameOfReference} ${b.frameOfReference}`
  const keep = (from: ShownPlane, to: ShownPlane, step: Triple) =>
    steps.set(key(from, to), [...(steps.get(key(from, to)) ?? []), { along: from, step }])

  const stepOf = (from: ShownPlane, to: ShownPlane): Triple => {
    const known = steps.get(key(from, to))?.find(({ along: way }) => areParallel(way, from))
    if (known) return known.step
    const normal = normalOf(from)
    const step = plus([0, 0, 0], normal, along(minus(to.position, from.position), normal))
    keep(from, to, step)
    keep(to, from, plus([0, 0, 0], step, -1))
    return step
  }

  return {
    carry(from, to) {
      if (!areParallel(from, to)) return null
      if (from.frameOfReference === to.frameOfReference) return from.position
      return plus(from.position, stepOf(from, to))
    },
    byHand: (a, b) => a.frameOfReference !== b.frameOfReference && areParallel(a, b),
    clear: () => steps.clear(),
  }
}
