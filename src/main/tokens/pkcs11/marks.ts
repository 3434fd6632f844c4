import type { HostClient } from './client.ts'
import type { TokenReading } from './protocol.ts'

/**
 * Insertion marks that outlive a host process: equal between two looks as long as the token was not taken out. Hosts
 * count insertions each for itself; what carries a mark over to another host is either proof or a short time.
 */
export interface Marks {
  /** The mark of each token in a host's reading. */
  read(host: HostClient, tokens: readonly TokenReading[]): string[]
  /**
   * Carries marks from one host to another that has read `after`, where `before`, read by the first host *later*, shows
   * the same insertion still: both held the token at once, so it was never out.
   */
  handOver(
    from: { host: HostClient; before: readonly TokenReading[] },
    to: { host: HostClient; after: readonly TokenReading[] },
  ): void
}

/** `blindMs`: how long no host may have looked for a mark to be kept; longer counts as taken out. */
export function createMarks(blindMs: number, now: () => number): Marks {
  let known = new Map<string, { host: HostClient; insertion: number; mark: string; at: number }>()
  let last = 0

  return {
    read(host, tokens) {
      const at = now()
      const next: typeof known = new Map()
      const marks = tokens.map(({ id, insertion }) => {
        const before = known.get(id)
        const kept =
          before &&
          (before.host === host ? before.insertion === insertion : at - before.at <= blindMs) &&
          before.mark
        const mark = kept || String(++last)
        next.set(id, { host, insertion, mark, at })
        return mark
      })
      known = next
      return marks
    },
    handOver(from, to) {
      const next: typeof known = new Map()
      for (const { id, insertion } of to.after) {
        const before = known.get(id)
        const stillHeld = from.before.some(
          (token) => token.id === id && token.insertion === before?.insertion,
        )
        if (before?.host === from.host && stillHeld)
          next.set(id, { ...before, host: to.host, insertion, at: now() })
      }
      known = next
    },
  }
}
