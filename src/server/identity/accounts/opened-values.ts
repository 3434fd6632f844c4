import type { Foundation } from '../../foundation.ts'
import { createDamageReports } from '../../integrity/index.ts'
import type { Place } from '../../protection/index.ts'

/** Sealed values as they were last opened, so that a list does not decrypt every name each time it is asked for. */
export interface OpenedValues {
  /** Empty, and reported, where it is damaged. */
  open(place: Place, sealed: string): Promise<string>
}

/** A value that was written anew, or moved to another row, is opened anew: what is known holds for one row's ciphertext alone. */
export function createOpenedValues(foundation: Foundation): OpenedValues {
  const damage = createDamageReports(foundation)
  const known = new Map<string, { sealed: string; value: string }>()
  return {
    async open(place, sealed) {
      const key = `${place.column}/${place.row}`
      const before = known.get(key)
      if (before?.sealed === sealed) return before.value
      const value = await damage.opened(foundation.protection, place, sealed)
      known.set(key, { sealed, value })
      return value
    },
  }
}
