import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { loggable } from '../http/index.ts'

/** The same address, for the same reason, is on record again after this: nobody can fill the trail. */
const againMs = 3_600_000
const mostAddresses = 1000

/** Puts on record, once an hour, who was turned away by a feed and why. `why` is a code. */
export function createRefusals(
  { audit, clock, log }: Pick<Foundation, 'audit' | 'clock' | 'log'>,
  { feed, ...entry }: { feed: string; action: string; actor: AuditEntry['actor'] },
): (why: string, peer: string) => void {
  const told = new Map<string, number>()
  return (why, peer) => {
    const key = `${why} ${peer}`
    const now = clock()
    if ((told.get(key) ?? Number.NEGATIVE_INFINITY) > now - againMs) return
    if (told.size >= mostAddresses) told.clear()
    told.set(key, now)
    log.warn({ feed, peer, why }, 'refused')
    audit
      .record({
        action: entry.action,
        outcome: 'refused',
        actor: { ...entry.actor, address: peer },
        detail: { feed, why },
      })
      .catch((error: unknown) => log.error({ feed, ...loggable(error) }, 'audit'))
  }
}
