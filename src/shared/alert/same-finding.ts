import type { Side } from '../critical/model.ts'

/** A finding as far as it can be told from another in the same patient. */
export interface FindingKind {
  type: string
  /** Null or absent where no side is stated. */
  side?: Side | null | undefined
}

/** True where two are, or may be, one finding: the same type, and not one on the left and the other on the right. */
export function maybeSame(a: FindingKind, b: FindingKind): boolean {
  if (a.type !== b.type) return false
  return !((a.side === 'left' && b.side === 'right') || (a.side === 'right' && b.side === 'left'))
}
