import { createHash } from 'node:crypto'
import type { Foundation } from '../../foundation.ts'
import { loggable } from '../../http/index.ts'
import type { PolledTarget } from '../delivery/adapter.ts'
import { createWakeup } from '../delivery/wakeup.ts'
import type { TakeReply } from './replies.ts'

/** Alerts asked for in one call. */
const page = 100
/** A target that does not answer is asked less and less often, down to this. */
const longestMs = 600_000
const timeoutMs = 30_000
/** Refused answers that are remembered for each target, at most. */
const mostRefused = 1000

/** Asks each polled target for answers to the alerts that it has and that somebody is waited for about. */
export interface Polls {
  start(): void
  stop(): Promise<void>
}

export function createPolls(
  foundation: Pick<Foundation, 'store' | 'log'>,
  deps: { targets: readonly PolledTarget[]; takeReply: TakeReply },
): Polls {
  const { store, log } = foundation
  const { targets, takeReply } = deps
  const stopped = new AbortController()
  const wakeup = targets.map(() => createWakeup())
  let running: Promise<void>[] = []

  async function serve(polled: PolledTarget, sleeper: ReturnType<typeof createWakeup>): Promise<void> {
    let failures = 0
    const refused = new Set<string>()
    while (!stopped.signal.aborted) {
      try {
        await ask(polled, refused)
        failures = 0
      } catch (error) {
        failures += 1
        if (stopped.signal.aborted) return
        // A code of the adapter's, or what the error is: never what the other side wrote.
        log.warn({ target: polled.target, failures, ...loggable(error) }, 'target not polled')
      }
      const pauseMs = polled.everySeconds * 1000 * 2 ** Math.min(failures, 20)
      await sleeper.sleep(Math.max(polled.everySeconds * 1000, Math.min(pauseMs, longestMs)))
    }
  }

  /** `refused`: what was on record before as not to be taken in; the other side says it each time, the audit once. */
  async function ask({ target, poll }: PolledTarget, refused: Set<string>): Promise<void> {
    for (let after = ''; !stopped.signal.aborted; ) {
      const ids = await awaited(target, after)
      const last = ids.at(-1)
      if (last === undefined) return
      const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(timeoutMs)])
      // One that is not to be taken in is on record, and holds up no other.
      for (const candidate of await poll(ids, signal)) {
        if (stopped.signal.aborted) return
        const said = digestOf(candidate)
        if (refused.has(said)) continue
        const taken = await takeReply(candidate, { source: 'poll', system: target })
        // What failed here may be taken in once it is mended.
        if (taken.outcome !== 'refused' || taken.code === 'internal') continue
        if (refused.size >= mostRefused) refused.clear()
        refused.add(said)
      }
      if (ids.length < page) return
      after = last
    }
  }

  /** Alerts that the target has and that are not handled yet, oldest first. */
  async function awaited(target: string, after: string): Promise<string[]> {
    const rows = await store.db
      .selectFrom('outbox')
      .innerJoin('alert_standings', 'alert_standings.alert_id', 'outbox.alert_id')
      .select('outbox.alert_id')
      .where('outbox.target', '=', target)
      .where('outbox.kind', '=', 'notice')
      .where('outbox.state', '=', 'delivered')
      .where('alert_standings.status', 'in', ['sent', 'delivered', 'received'])
      .where('outbox.alert_id', '>', after)
      .orderBy('outbox.alert_id')
      .limit(page)
      .execute()
    return rows.map((row) => row.alert_id)
  }

  return {
    start() {
      running = targets.map((target, index) => serve(target, wakeup[index]!))
    },
    async stop() {
      stopped.abort()
      for (const one of wakeup) one.end()
      await Promise.all(running)
    },
  }
}

/** Not the answer itself: it names people. */
function digestOf(candidate: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(candidate) ?? '')
    .digest('base64')
}
