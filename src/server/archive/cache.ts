import type { Clock } from '../../shared/time/clock.ts'

/** What was asked for lately, within a total weight. */
export interface RecentCache<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
  /** Forgets what has such a key. */
  drop(matches: (key: string) => boolean): void
  each(visit: (value: V) => void): void
  clear(): void
}

/** Forgets the least recently used first. */
export function createRecentCache<V>(limit: number, weigh: (value: V) => number = () => 1): RecentCache<V> {
  const entries = new Map<string, V>()
  let weight = 0
  const forget = (key: string) => {
    const value = entries.get(key)
    if (value === undefined) return
    weight -= weigh(value)
    entries.delete(key)
  }
  return {
    get(key) {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key, value) {
      forget(key)
      if (weigh(value) > limit) return
      entries.set(key, value)
      weight += weigh(value)
      for (const oldest of entries.keys()) {
        if (weight <= limit) break
        forget(oldest)
      }
    },
    drop(matches) {
      for (const key of [...entries.keys()]) if (matches(key)) forget(key)
    },
    each(visit) {
      for (const value of entries.values()) visit(value)
    },
    clear() {
      entries.clear()
      weight = 0
    },
  }
}

/** Answers again for `milliseconds` what was loaded; who asks meanwhile waits for the same loading. A failure is not kept. */
export function createTimedCache<V>(clock: Clock, milliseconds: number, entries: number) {
  const cache = createRecentCache<{ until: number; value: Promise<V> }>(entries)
  return {
    load(key: string, load: () => Promise<V>): Promise<V> {
      const found = cache.get(key)
      if (found && found.until > clock()) return found.value
      const entry = { until: clock() + milliseconds, value: load() }
      cache.set(key, entry)
      entry.value.catch(() => {
        entry.until = 0
      })
      return entry.value
    },
    clear: () => cache.clear(),
  }
}
