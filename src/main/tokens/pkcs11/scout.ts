import type { HostClient } from './client.ts'
import type { TokenReading } from './protocol.ts'

/** What a host saw after its library was initialised anew. */
export interface FreshLook {
  host: HostClient
  tokens: TokenReading[]
  rss: number
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

export function createScout(start: () => Promise<HostClient>, restMs: number): Scout {
  let host: HostClient | null = null
  let resting = false

  return {
    async look() {
      if (resting) return null
      try {
        if (!host?.alive()) host = await start()
        const { tokens, rss } = await host.list({ restart: 'always' })
        return { host, tokens, rss }
      } catch {
        host?.kill()
        resting = true
        setTimeout(() => {
          resting = false
        }, restMs).unref()
        return null
      }
    },
    replaceBy(next) {
      host = next
    },
    pid: () => (host?.alive() ? host.pid : undefined),
  }
}
