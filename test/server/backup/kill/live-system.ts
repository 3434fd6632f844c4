import type { GatewayDirectory } from '../gateway-directory.ts'

/** The gateway's own work, going on all the time: what it committed, what failed, and the longest that one write took. */
export function startLiveSystem(gateway: GatewayDirectory) {
  const committed: string[] = []
  const failures: string[] = []
  let longestMs = 0
  let stopped = false
  let number = 0

  async function work(): Promise<void> {
    while (!stopped) {
      const name = `live-${++number}`
      const began = performance.now()
      try {
        await gateway.write(name)
        committed.push(name)
      } catch (error) {
        failures.push(error instanceof Error ? error.message : 'failed')
      }
      longestMs = Math.max(longestMs, performance.now() - began)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const working = work()
  return {
    committed,
    failures,
    longestMs: () => longestMs,
    async stop() {
      stopped = true
      await working
    },
  }
}
