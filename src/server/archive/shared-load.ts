/** Loads that several may wait for at a time. */
export interface SharedLoads<V, P = never> {
  /**
   * Joins the load under way for the key, or begins one. `signal`, not yet aborted, calls off the waiting of this caller alone; the load itself is
   * called off when nobody waits for it any more. `onProgress` hears what `begin` tells on the way, also when it was told before.
   */
  load(
    key: string,
    begin: (signal: AbortSignal, tell: (progress: P) => void) => Promise<V>,
    signal?: AbortSignal,
    onProgress?: (progress: P) => void,
  ): Promise<V>
  /** Lets nobody else join the loads with such a key; who waits for them still gets them. */
  detach(matches: (key: string) => boolean): void
}

interface Load<V, P> {
  value: Promise<V>
  waiting: number
  abort: AbortController
  progress: { told: P } | null
  listeners: Set<(progress: P) => void>
}

/** `loaded` is called with what came, once, unless the load was detached meanwhile. */
export function createSharedLoads<V, P = never>(loaded: (key: string, value: V) => void): SharedLoads<V, P> {
  const underWay = new Map<string, Load<V, P>>()

  const start = (
    key: string,
    begin: (signal: AbortSignal, tell: (progress: P) => void) => Promise<V>,
  ): Load<V, P> => {
    const abort = new AbortController()
    const listeners = new Set<(progress: P) => void>()
    const tell = (told: P) => {
      load.progress = { told }
      for (const listener of listeners) listener(told)
    }
    const { promise, resolve } = Promise.withResolvers<V>()
    const load: Load<V, P> = { value: promise, waiting: 0, abort, progress: null, listeners }
    resolve(begin(abort.signal, tell))
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
    async load(key, begin, signal, onProgress) {
      const load = underWay.get(key) ?? start(key, begin)
      load.waiting += 1
      if (onProgress) {
        load.listeners.add(onProgress)
        if (load.progress) onProgress(load.progress.told)
      }
      const gone = Promise.withResolvers<never>()
      const leave = () => gone.reject(signal?.reason)
      signal?.addEventListener('abort', leave, { once: true })
      try {
        return await Promise.race([load.value, gone.promise])
      } finally {
        signal?.removeEventListener('abort', leave)
        if (onProgress) load.listeners.delete(onProgress)
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
