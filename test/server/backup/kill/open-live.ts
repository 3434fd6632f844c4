import type { TestContext } from 'vitest'
import { openGatewayDirectory } from '../gateway-directory.ts'
import { startLiveSystem } from './live-system.ts'

/** What a test opened, closed in the opposite order; each test has its own, since some run at the same time. */
export function opened(onTestFinished: TestContext['onTestFinished']) {
  const cleanups: (() => Promise<unknown>)[] = []
  onTestFinished(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup()
  })
  return cleanups
}

/** A small gateway at work, by the real clock. */
export async function openLive(
  cleanups: (() => Promise<unknown>)[],
  config: object = {},
  { mebibytes = 1 }: { mebibytes?: number } = {},
) {
  const gateway = await openGatewayDirectory(config)
  cleanups.push(gateway.close)
  Object.defineProperty(gateway.time, 'now', { get: Date.now })
  await gateway.fill(mebibytes)
  const live = startLiveSystem(gateway)
  cleanups.push(live.stop)
  return { gateway, live }
}
