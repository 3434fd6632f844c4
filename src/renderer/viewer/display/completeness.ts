import type { DisplaySet } from './display-sets.ts'

export interface Completeness {
  /** Images of the set, of which so many are in memory or failed. */
  total: number
  loaded: number
  failed: number
  /** Instance numbers between the first and the last that the archive does not have; null where the numbers do not tell. */
  missing: number[] | null
}

/**
 * Instance numbers that are absent between the lowest and the highest. Null where they do not tell: one has none, two are the same,
 * or they leap unevenly, as a series numbered by something else does, and one that lacks more than it has.
 */
export function missingNumbers(numbers: readonly (number | null)[]): number[] | null {
  if (numbers.some((one) => one === null || !Number.isInteger(one))) return null
  if (numbers.length < 2) return []
  const known = new Set(numbers as number[])
  const first = Math.min(...known)
  const last = Math.max(...known)
  if (known.size < numbers.length) return null
  if (last - first + 1 > known.size * 2) {
    const ordered = [...known].sort((a, b) => a - b)
    const step = (last - first) / (known.size - 1)
    // Numbered in even leaps (every tenth) it lacks nothing.
    return ordered.every((number, i) => number === first + i * step) ? [] : null
  }
  const missing: number[] = []
  for (let number = first; number <= last; number += 1) if (!known.has(number)) missing.push(number)
  return missing
}

export function completenessOf(
  set: DisplaySet,
  imageIds: readonly string[],
  store: { loaded(imageId: string): boolean; problem(imageId: string): unknown },
): Completeness {
  let loaded = 0
  let failed = 0
  for (const imageId of imageIds) {
    if (store.problem(imageId) !== undefined) failed += 1
    else if (store.loaded(imageId)) loaded += 1
  }
  return {
    total: set.count,
    loaded,
    failed,
    missing: set.instances.length > 1 ? missingNumbers(set.instances.map((one) => one.instanceNumber)) : [],
  }
}

/** Numbers as runs: `3, 7–9`; at most so many runs, then an ellipsis. */
export function numberRuns(numbers: readonly number[], most = 4): string {
  const runs: [number, number][] = []
  for (const number of numbers) {
    const last = runs.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else runs.push([number, number])
  }
  const shown = runs.slice(0, most).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`))
  return shown.join(', ') + (runs.length > most ? '…' : '')
}
