import { VigilError } from '../../shared/errors/index.ts'
import type { Foundation } from '../foundation.ts'
import type { ClockSteps } from './clock-steps.ts'
import type { EventStreams } from './event-streams.ts'
import type { LiveSockets } from './live-sockets.ts'
import { endOf, liveStates, sessionRecords } from './records.ts'
import type { Transitions } from './transitions.ts'

/** The gateway's own eye on its sessions, which needs no request to see that one is over. */
export interface Watch {
  /** Looks at every live session once, by the newest policy and clock. */
  sweep(): Promise<void>
  start(everyMs: number): void
  stop(): Promise<void>
}

export function createWatch(
  { store, policies, log }: Foundation,
  deps: { steps: ClockSteps; transitions: Transitions; streams: EventStreams; sockets: LiveSockets },
): Watch {
  const { steps, transitions, streams, sockets } = deps

  async function sweep(): Promise<void> {
    // A policy or a clock that cannot be followed now must not keep a session alive: it is judged by the one before.
    await policies.refresh().catch(() => log.error({ code: 'internal' }, 'policy refresh'))
    await steps.follow().catch(() => log.error({ code: 'internal' }, 'clock step'))
    const records = await sessionRecords(store.db).where('sessions.state', 'in', liveStates).execute()
    for (const record of records) {
      await transitions.settle(record).catch((error: unknown) => {
        // One that cannot be settled is refused at each request all the same, and must not keep the others alive.
        const isOver = error instanceof VigilError && error.code === 'session-ended'
        if (!isOver) log.error({ code: 'internal', session: record.id }, 'session')
      })
    }
    // What has connections here and was ended elsewhere: by the CLI, or another gateway.
    const live = new Set(records.map((record) => record.id))
    for (const id of new Set([...streams.sessions(), ...sockets.sessions()])) {
      if (live.has(id)) continue
      const row = await store.db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst()
      if (row?.state === 'ended') transitions.farewell(id, endOf(row))
    }
  }

  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<void> | null = null

  return {
    sweep,
    start(everyMs) {
      timer = setInterval(() => {
        sweeping ??= sweep()
          .catch(() => log.error({ code: 'internal' }, 'session sweep'))
          .finally(() => {
            sweeping = null
          })
      }, everyMs)
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      await sweeping
    },
  }
}
