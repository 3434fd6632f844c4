import { type FigureKind, placesOf } from './figure.ts'
import { minus, norm, type Point } from './geometry.ts'

/** A figure that is being drawn: places pointed at so far (image pixels), and where the pointer is. */
export interface Draft {
  kind: FigureKind
  imageId: string
  places: readonly Point[]
  at: Point
  /** Where the button went down last (CSS pixels), and whether that made a place. */
  pressed: { x: number; y: number; placed: boolean } | null
}

const dragged = 4

/** Lines begin where the button goes down: the first of any figure, and the second of a Cobb angle. */
const beginsLine = (kind: FigureKind, count: number) => count === 0 || (kind === 'cobb' && count === 2)

export function pressedAt(draft: Draft, at: Point, x: number, y: number): Draft {
  const placed = beginsLine(draft.kind, draft.places.length)
  return { ...draft, at, places: placed ? [...draft.places, at] : draft.places, pressed: { x, y, placed } }
}

/** A drag ends the line at its end; a click that began one does not: the next click will. */
export function releasedAt(draft: Draft, at: Point, x: number, y: number): Draft {
  const { pressed } = draft
  if (!pressed) return draft
  const far = norm(minus([x, y], [pressed.x, pressed.y])) > dragged
  const places = far || !pressed.placed ? [...draft.places, at] : draft.places
  return { ...draft, at, places, pressed: null }
}

export const isComplete = ({ kind, places }: Draft) => places.length >= placesOf(kind)

/** The places as they would be if the next were where the pointer is. */
export const placesShown = (draft: Draft): readonly Point[] =>
  isComplete(draft) ? draft.places : [...draft.places, draft.at]
