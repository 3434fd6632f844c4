import type { Token } from '../../shared/ipc/index.ts'
import type { TokenChange } from './driver.ts'

/** A token and a mark that differs each time it is put in. */
export interface Sighting {
  token: Token
  insertion: string
}

export interface Watch {
  add(listener: (change: TokenChange) => void): () => void
  stop(): void
}

/** Which tokens were taken out between two looks; one put back at once has another insertion mark. */
export function removedBetween(before: readonly Sighting[], after: readonly Sighting[]): string[] {
  const now = new Map(after.map(({ token, insertion }) => [token.id, insertion]))
  return before.filter(({ token, insertion }) => now.get(token.id) !== insertion).map(({ token }) => token.id)
}

/**
 * Looks every `pollMs` while somebody listens. A look that fails counts as seeing nothing: a workstation that cannot
 * tell whether the token is still there must lock.
 */
export function createWatch(options: { pollMs: number; read(): Promise<Sighting[]> }): Watch {
  const listeners = new Set<(change: TokenChange) => void>()
  let before: Sighting[] = []
  let timer: NodeJS.Timeout | null = null
  let running = false
  let stopped = false

  async function look(): Promise<void> {
    const after = await options.read().catch(() => [])
    if (stopped) return
    const removed = removedBetween(before, after)
    const changed = removed.length > 0 || JSON.stringify(before) !== JSON.stringify(after)
    before = after
    if (changed) {
      const tokens = after.map(({ token }) => token)
      for (const listener of listeners) listener({ tokens, removed })
    }
    running = listeners.size > 0
    if (!running) return
    timer = setTimeout(look, options.pollMs)
    timer.unref()
  }

  return {
    add(listener) {
      listeners.add(listener)
      if (!running) {
        running = true
        void look()
      }
      return () => listeners.delete(listener)
    },
    stop() {
      stopped = true
      if (timer) clearTimeout(timer)
    },
  }
}
