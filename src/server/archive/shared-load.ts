/** Loads that several may wait for at a time. */
export interface SharedLoads<V> {
  /**
   * Joins the load under way for the key, or begins one. `signal`, not yet aborted, calls off the waiting of this caller alone; the load itself is
   * called off when nobody waits for it any more.
   */
  load(key: string, begin: (signal: AbortSignal) => Promise<V>, signal?: AbortSignal): Promise<V>
  /** Lets nobody else join the loads with such a key; who waits for them still gets them. */
  detach(matches: (key: string) => boolean): void
}

interface Load<V> {
  value: Promise<V>
  waiting: number
  abort: AbortController
}

/** `loaded` is called with what came, once, unless the load was detached meanwhile. */
export function createSharedLoads<V>(loaded: (key: string, value: V) => void): SharedLoads<V> {
  const underWay = new Map<string, Load<V>>()

  const start = (key: string, begin: (signal: AbortSignal) => Promise<V>): Load<V> => {
    const abort = new AbortController()
    const load: Load<V> = { value: begin(abort.signal), waiting: 0, abort }
    underWay.set(key, load)
    const isCurrent = () => underWay.get(key) === load
    load.value.then(
      (value) => {
        if (!isCurrent()) return
        underWay.delete(key)
        loaded(key, value)
      },
      () => {
        if (isCurrent()) underWay.delete(key)
      },
    )
    return load
  }

  return {
    async load(key, begin, signal) {
      const load = underWay.get(key) ?? start(key, begin)
      load.waiting += 1
      const gone = Promise.withResolvers<never>()
      const leave = () => gone.reject(signal?.reason)
      signal?.addEventListener('abort', leave, { once: true })
      try {
        return await Promise.race([load.value, gone.promise])
      } finally {
        signal?.removeEventListener('abort', leave)
        load.waiting -= 1
        // One that has settled is no longer under way; an abort then could break a connection that serves again.
        if (load.waiting === 0 && underWay.get(key) === load) {
          underWay.delete(key)
          load.abort.abort()
        }
      }
    },
    detach(matches) {
      for (const key of [...underWay.keys()]) if (matches(key)) underWay.delete(key)
    },
  }
}
