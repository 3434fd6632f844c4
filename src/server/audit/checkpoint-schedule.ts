import type { Logger } from 'pino'
import type { Clock } from '../../shared/time/clock.ts'
import type { Store } from '../store/index.ts'
import type { Checkpoints } from './checkpoints.ts'

/** Signs a checkpoint after so many records or so long, whichever comes first, and once more at the end. */
export function createCheckpointSchedule(deps: {
  checkpoints: Checkpoints
  store: Store
  clock: Clock
  log: Logger
  every: { checkpointRecords: number; checkpointMinutes: number }
}): { start(): void; stop(): Promise<void> } {
  const { checkpoints, store, clock, log, every } = deps
  const period = every.checkpointMinutes * 60_000
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  /** When it was found that there is something to attest. */
  let since: number | null = null

  async function look(): Promise<void> {
    const attested = (await checkpoints.latest())?.seq ?? 0
    const last = await store.db
      .selectFrom('audit')
      .select('seq')
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    const waiting = (last?.seq ?? 0) - attested
    if (waiting <= 0) {
      since = null
      return
    }
    since ??= clock()
    if (waiting < every.checkpointRecords && clock() - since < period) return
    await checkpoints.make()
    since = null
  }

  const surely = (work: () => Promise<unknown>) => {
    running = running.then(work).then(
      () => {},
      (error: unknown) => log.error({ code: (error as { code?: unknown }).code }, 'no checkpoint'),
    )
    return running
  }

  return {
    start() {
      timer = setInterval(() => void surely(look), Math.min(5000, period)).unref()
    },
    async stop() {
      clearInterval(timer)
      await surely(checkpoints.make)
    },
  }
}
