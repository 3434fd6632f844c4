import type { Foundation } from '../../foundation.ts'
import { loggable } from '../../http/index.ts'
import { createWakeup } from '../delivery/wakeup.ts'
import type { TakeReply } from './replies.ts'
import type { Reply } from './reply.ts'

/** A target that is asked for answers, because it does not bring them. */
export interface PolledTarget {
  target: string
  everySeconds: number
  /** @throws Error with a code as its message */
  poll(alertIds: readonly string[], signal: AbortSignal): Promise<Reply[]>
}

/** Alerts asked for in one call. */
const page = 100
/** A target that does not answer is asked less and less often, down to this. */
const longestMs = 600_000
const timeoutMs = 30_000

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
    while (!stopped.signal.aborted) {
      try {
        await ask(polled)
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

  async function ask({ target, poll }: PolledTarget): Promise<void> {
    for (let after = ''; !stopped.signal.aborted; ) {
      const ids = await awaited(target, after)
      const last = ids.at(-1)
      if (last === undefined) return
      const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(timeoutMs)])
      // One that is not to be taken in is on record, and holds up no other.
      for (const reply of await poll(ids, signal)) {
        if (stopped.signal.aborted) return
        await takeReply(reply, { source: 'poll', system: target })
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
