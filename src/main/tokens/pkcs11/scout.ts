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
  /** Null where it failed; then it is left alone for `restMs`. */
  look(): Promise<FreshLook | null>
  /** The host that scouts from now on, in place of the one that was promoted. */
  replaceBy(host: HostClient): void
  pid(): number | undefined
}

export function createScout(options: {
  start(): Promise<HostClient>
  /** Whether a host has grown too large. */
  isWorn(host: HostClient, rss: number): boolean
  restMs: number
}): Scout {
  let host: HostClient | null = null
  let resting = false

  async function lookOnce(): Promise<FreshLook> {
    if (!host?.alive()) host = await options.start()
    const { tokens, rss } = await host.list({ restart: 'always' })
    if (!options.isWorn(host, rss)) return { host, tokens }
    host.kill()
    return lookOnce()
  }

  return {
    async look() {
      if (resting) return null
      try {
        return await lookOnce()
      } catch {
        host?.kill()
        resting = true
        setTimeout(() => {
          resting = false
        }, options.restMs).unref()
        return null
      }
    },
    replaceBy(next) {
      host = next
    },
    pid: () => (host?.alive() ? host.pid : undefined),
  }
}
