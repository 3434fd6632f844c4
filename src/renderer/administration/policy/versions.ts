import type { PolicyVersion } from '../../../shared/api/administration.ts'
import { type Change, changesBetween } from './changes.ts'

export interface Version extends PolicyVersion {
  /** Against the version before it; null for the first. */
  changes: Change[] | null
}

/** The newest first, each with what it changed. */
export function withChanges(versions: readonly PolicyVersion[]): Version[] {
  const newestFirst = versions.toSorted((a, b) => b.version - a.version)
  return newestFirst.map((version, index) => {
    const before = newestFirst[index + 1]
    return { ...version, changes: before ? changesBetween(before.policy, version.policy) : null }
  })
}
