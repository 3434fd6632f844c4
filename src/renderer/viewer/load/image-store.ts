import { ImageProblem, problemOf } from '../problem.ts'
import { createLoadQueue, urgent } from './load-queue.ts'

/** Where decoded images are kept, of bounded size: cornerstone's image cache in the product. */
export interface ImageCache<T> {
  get(imageId: string): T | undefined
  /** Unlike `get` this is no use of the image: what is shown least recently goes first. */
  has(imageId: string): boolean
  put(imageId: string, image: T): void
}

/** Images by id: loaded once, kept as long as the cache has room, with what failed and why. */
export interface ImageStore<T> {
  /** The image for the screen, before everything else. Rejects with ImageProblem. */
  show(imageId: string): Promise<T>
  cached(imageId: string): T | undefined
  loaded(imageId: string): boolean
  problem(imageId: string): ImageProblem | undefined
  /** Forgets a failure, so that the image is asked for again. */
  forget(imageId: string): void
  /** Loads ahead in this order; what waits and is no longer in the plan is called off. */
  prefetch(plan: string[]): void
  /** Calls back when an image has come or failed. */
  onChange(listener: () => void): () => void
  /** Calls off all loads; later calls reject. */
  close(): void
}

export function createImageStore<T>(deps: {
  cache: ImageCache<T>
  load(imageId: string, signal: AbortSignal): Promise<T>
  concurrency: { prefetch: number; total: number }
}): ImageStore<T> {
  const queue = createLoadQueue<T>(deps.concurrency)
  const problems = new Map<string, ImageProblem>()
  const listeners = new Set<() => void>()
  let closed = false

  const changed = () => {
    for (const listener of listeners) listener()
  }

  const load = (imageId: string, priority: number) =>
    queue.load(imageId, priority, async (signal) => {
      try {
        const image = await deps.load(imageId, signal)
        if (signal.aborted) throw new ImageProblem('cancelled')
        if (!deps.cache.has(imageId)) deps.cache.put(imageId, image)
        return image
      } catch (thrown) {
        const problem = problemOf(thrown)
        if (problem.code !== 'cancelled') problems.set(imageId, problem)
        throw problem
      } finally {
        if (!signal.aborted) changed()
      }
    })

  return {
    async show(imageId) {
      if (closed) throw new ImageProblem('cancelled')
      const failed = problems.get(imageId)
      if (failed) throw failed
      return deps.cache.get(imageId) ?? load(imageId, urgent)
    },
    cached: (imageId) => deps.cache.get(imageId),
    loaded: (imageId) => deps.cache.has(imageId),
    problem: (imageId) => problems.get(imageId),
    forget: (imageId) => void problems.delete(imageId),
    prefetch(plan) {
      if (closed) return
      const ranks = new Map(plan.map((imageId, i) => [imageId, urgent + 1 + i]))
      queue.prioritise((imageId) => ranks.get(imageId) ?? null)
      for (const [imageId, rank] of ranks)
        if (!problems.has(imageId) && !deps.cache.has(imageId)) load(imageId, rank).catch(() => {})
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      closed = true
      queue.cancel()
      problems.clear()
      listeners.clear()
    },
  }
}
