import type { AuditFault } from '../../shared/audit/index.ts'
import { firstHash, generationOf } from './chain.ts'
import type { createPlaces, StoredRow } from './place.ts'

export interface Fault {
  /** The record, by its number as stored; of a deleted or cut off one the number that it had. */
  seq: number
  fault: AuditFault
}

/**
 * Walks the rows in the order of their numbers and tells at which, and how, the chain does not hold. What was done to it is
 * told once where it was done, and not again at each row that follows: a number that all later rows are moved by is taken
 * along as `shift`.
 */
export function createChainWalk(places: ReturnType<typeof createPlaces>) {
  /** The number, as written, of the row that has to come next. */
  let next = 1
  /** The hash of the one before; null where that row cannot be trusted. */
  let hash: string | null = firstHash
  /** What a stored number lacks to the number as written. */
  let shift = 0
  let generation = 1
  /** Numbers whose rows stand in other places. */
  const moved = new Set<number>()

  const follow = (row: StoredRow, origin: number) => {
    next = origin + 1
    hash = row.hash
    generation = generationOf(row.hash)
    return null
  }
  const skip = (fault: AuditFault, seq: number): Fault => {
    next += 1
    hash = null
    return { seq, fault }
  }

  /** A row that the gateway did not write under any number, or wrote elsewhere and still has there. */
  async function foreign(row: StoredRow, last: number): Promise<Fault> {
    const stands = next <= last && (await places.standsElsewhere(next, row, shift, hash))
    if (next > last || stands) {
      shift -= 1
      return { seq: row.seq, fault: 'inserted' }
    }
    return skip('changed', row.seq)
  }

  /** Rows are missing before this one. */
  async function hole(row: StoredRow, origin: number): Promise<Fault> {
    const first = next - shift
    const cut = hash !== null && row.previous_hash === hash && places.isGenuine(row, origin)
    const elsewhere = !cut && (await places.standsElsewhere(next, row, shift, hash))
    if (elsewhere) moved.add(next)
    follow(row, origin)
    // The gateway itself leaves out a number where it found rows cut off the end; its row then follows the last that was left.
    return { seq: first, fault: cut ? 'truncated' : elsewhere ? 'reordered' : 'deleted' }
  }

  /** A row that was written under another number than it stands at. */
  async function displaced(row: StoredRow, origin: number, last: number): Promise<Fault | null> {
    if (moved.has(origin)) return skip('reordered', row.seq)
    if (origin < next || (await places.standsElsewhere(origin, row, shift, null))) return foreign(row, last)
    if (origin > next && (await places.standsElsewhere(next, row, shift, hash))) {
      moved.add(next)
      return skip('reordered', row.seq)
    }
    const fault: Fault | null = origin > next ? { seq: row.seq, fault: 'deleted' } : null
    shift = origin - row.seq
    follow(row, origin)
    return fault
  }

  return {
    /** The last number that was seen to be written, 0 before the first. */
    last: () => next - 1,
    hash: () => hash,
    /** @param last The number that the sealed head names: what comes after it was not written by the gateway. */
    async step(row: StoredRow, last: number): Promise<Fault | null> {
      const expected = row.seq + shift
      if (row.seq < 1) return { seq: row.seq, fault: 'inserted' }
      if (places.isGenuine(row, expected)) {
        if (expected === next && (hash === null || row.previous_hash === hash)) {
          if (next > last) return skip('inserted', row.seq)
          if (generationOf(row.hash) < generation) return skip('changed', row.seq)
          return follow(row, expected)
        }
        if (expected > next && next <= last) return hole(row, expected)
        // Genuine, and of a history that is not this one: a copy of the database was continued twice.
        follow(row, expected)
        return { seq: row.seq, fault: 'inserted' }
      }
      const origin = await places.originOf(row, [next, expected], Math.max(last, row.seq))
      if (origin !== null && origin !== expected) return displaced(row, origin, last)
      if (expected > next && next <= last) {
        const fault = await hole(row, expected)
        hash = null
        return fault
      }
      return origin === expected && next <= last ? skip('changed', row.seq) : foreign(row, last)
    },
  }
}
