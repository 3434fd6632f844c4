import { VigilError } from '../../shared/errors/index.ts'
import type { Foundation } from '../foundation.ts'
import type { EventStreams } from './event-streams.ts'
import type { LiveSockets } from './live-sockets.ts'
import { resumedTimes, type SessionPolicy } from './policy.ts'
import { endOf, factsOf, sessionRecords } from './records.ts'
import type { Transitions } from './transitions.ts'

/** The gateway's own eye on its sessions, which needs no request to see that one is over. */
export interface Watch {
  /** Takes over the sessions that a gateway before this one left. */
  resume(): Promise<void>
  /** Looks at every live session once. */
  sweep(): Promise<void>
  start(everyMs: number): void
  stop(): Promise<void>
}

export function createWatch(
  { store, clock, log }: Foundation,
  deps: { policy: SessionPolicy; transitions: Transitions; streams: EventStreams; sockets: LiveSockets },
): Watch {
  const { policy, transitions, streams, sockets } = deps
  const liveRecords = () => sessionRecords(store.db).where('sessions.state', '!=', 'ended').execute()

  async function sweep(): Promise<void> {
    const records = await liveRecords()
    for (const record of records) {
      await transitions.settle(record).catch((error: unknown) => {
        if (!(error instanceof VigilError)) throw error
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
    async resume() {
      for (const record of await liveRecords()) {
        const times = resumedTimes(factsOf(record), clock(), policy)
        await store.db
          .updateTable('sessions')
          .set({
            last_seen_at: times.lastSeenAt,
            last_activity_at: times.lastActivityAt,
            locked_at: times.lockedAt,
          })
          .where('id', '=', record.id)
          .execute()
      }
    },
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
