/** A row on the screen, and where it stood. */
export interface Standing {
  key: string
  index: number
}

/**
 * By how many rows the list has to scroll so that a changed list stands still for the eye: the first of the rows that is still
 * there keeps its place. 0 where none is.
 */
export function shiftOf(
  standing: readonly Standing[],
  placeOf: (key: string, near: number) => number | null,
): number {
  for (const { key, index } of standing) {
    const now = placeOf(key, index)
    if (now !== null) return now - index
  }
  return 0
}
