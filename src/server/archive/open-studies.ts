import type { Clock } from '../../shared/time/clock.ts'

/** A session reads one exam beside its priors: the latest studies that it opened, up to so many, are open. */
const mostOfOneReader = 4
/** Nobody says that a study is closed; one of which nothing was asked for this long is. */
const idleMs = 15 * 60_000

export interface OpenStudies {
  /** `reader` (a session's id) opens the study. */
  open(reader: string, study: string): void
  /** Something of the study was asked for. */
  touch(study: string): void
  isOpen(study: string): boolean
  /** How near the study is to what a reader opened last: 0 is that itself; null where it is not open. */
  rank(study: string): number | null
}

export function createOpenStudies(clock: Clock): OpenStudies {
  /** Of each reader its studies, the latest first. */
  const readers = new Map<string, string[]>()
  const usedAt = new Map<string, number>()

  const rank = (study: string): number | null => {
    const at = usedAt.get(study)
    if (at === undefined || clock() - at >= idleMs) return null
    const ranks = [...readers.values()].map((studies) => studies.indexOf(study)).filter((i) => i >= 0)
    return ranks.length > 0 ? Math.min(...ranks) : null
  }
  const tidy = () => {
    for (const [reader, studies] of readers) {
      const latest = usedAt.get(studies[0] ?? '') ?? 0
      if (clock() - latest >= idleMs) readers.delete(reader)
    }
    const open = new Set([...readers.values()].flat())
    for (const study of [...usedAt.keys()]) if (!open.has(study)) usedAt.delete(study)
  }

  return {
    open(reader, study) {
      const others = (readers.get(reader) ?? []).filter((one) => one !== study)
      readers.set(reader, [study, ...others].slice(0, mostOfOneReader))
      usedAt.set(study, clock())
      tidy()
    },
    touch(study) {
      if (usedAt.has(study)) usedAt.set(study, clock())
    },
    isOpen: (study) => rank(study) !== null,
    rank,
  }
}
