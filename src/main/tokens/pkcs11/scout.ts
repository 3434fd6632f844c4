import type { HostClient } from './client.ts'
import type { TokenReading } from './protocol.ts'

/** What a host saw after its library was initialised anew. */
export interface FreshLook {
  host: HostClient
  tokens: TokenReading[]
}

/**
 * A second host of the same library. Some libraries look for tokens in C_Initialize only, and to call that again would
 * end every session on the tokens in use; so this host, which is never shown a PIN, is initialised anew for each look.
 */
export interface Scout {
  /**
   * One look, begun now or earlier. A slow one is not waited for: its outcome is told at a later call, so that a token
   * taken out is noticed no later for it. Null where it failed; then it is left alone for `restMs`.
   */
  look(): Promise<FreshLook | 'under-way' | null>
  /** When no look is under way: none may touch the token while a PIN is in use. */
  idle(): Promise<void>
  /** The host that scouts from now on, in place of the one that was promoted. */
  replaceBy(host: HostClient): void
  /** Ends the process; it is started again when needed. */
  end(): void
  pid(): number | undefined
}

const waitMs = 250

export function createScout(options: {
  start(): Promise<HostClient>
  /** Whether a host has grown too large. */
  isWorn(host: HostClient, rss: number): boolean
  restMs: number
}): Scout {
  let host: HostClient | null = null
  let resting = false
  let outcome: FreshLook | null = null
  let looking: Promise<void> | null = null

  async function lookOnce(): Promise<FreshLook> {
    if (!host?.alive()) host = await options.start()
    const { tokens, rss } = await host.list({ restart: 'always' })
    if (!options.isWorn(host, rss)) return { host, tokens }
    host.kill()
    return lookOnce()
  }

  async function begin(): Promise<void> {
    try {
      outcome = await lookOnce()
    } catch {
      host?.kill()
      resting = true
      setTimeout(() => {
        resting = false
      }, options.restMs).unref()
    } finally {
      looking = null
    }
  }

  return {
    async look() {
      if (resting) return null
      if (!outcome) {
        looking ??= begin()
        await Promise.race([looking, new Promise((resolve) => setTimeout(resolve, waitMs).unref())])
      }
      const found = outcome
      outcome = null
      if (found) return found.host.alive() ? found : null
      return looking ? 'under-way' : null
    },
    idle: async () => {
      await looking
    },
    replaceBy(next) {
      host = next
    },
    end: () => host?.kill(),
    pid: () => (host?.alive() ? host.pid : undefined),
  }
}
