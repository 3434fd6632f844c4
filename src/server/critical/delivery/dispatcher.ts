import type { CriticalTarget } from '../../config/index.ts'
import type { Announcements, Foundation } from '../../foundation.ts'
import type { Handlers } from '../../http/route-handlers.ts'
import type { DamageReports } from '../../integrity/index.ts'
import { IntegrityError } from '../../protection/index.ts'
import type { AlertEvents } from '../alerts/alert-events.ts'
import type { AlertStore } from '../alerts/alert-store.ts'
import type { PolledTarget } from './adapter.ts'
import { type InterfaceRoutes, interfaceHandlers } from './interface-handlers.ts'
import { createLane } from './lane.ts'
import { openAdapter } from './open-adapter.ts'
import type { Outbox, OutboxRow } from './outbox.ts'
import { createSettlement } from './settlement.ts'

/** How long a stop waits for the answer to what is in flight. */
const graceMs = 2000

/** Takes messages from the outbox to their targets until each is delivered or refused. */
export interface Dispatcher {
  /** Picks up what an earlier run left, then works until `stop`. */
  start(): Promise<void>
  /** Something was queued. */
  wake(): void
  stop(): Promise<void>
  readonly polled: readonly PolledTarget[]
  readonly handlers: Handlers<InterfaceRoutes>
}

/** @throws Error naming the file where a target's secret, certificate or template is missing or wrong. */
export function createDispatcher(deps: {
  foundation: Foundation
  announcements: Announcements
  damage: DamageReports
  outbox: Outbox
  alerts: AlertStore
  events: AlertEvents
  targets: readonly CriticalTarget[]
  newId: () => string
}): Dispatcher {
  const { foundation, outbox, targets, ...rest } = deps
  const { announcements, damage, alerts, events } = rest
  const hangUp = new AbortController()
  const lanes = targets.map((target) =>
    createLane(foundation, {
      target,
      adapter: openAdapter(target, foundation),
      outbox,
      alerts,
      damage,
      announcements,
      settlement: createSettlement(foundation, { announcements, outbox, events, target }),
      hangUp: hangUp.signal,
    }),
  )
  const names = targets.map(({ name }) => name)
  let running: Promise<void>[] = []
  const wake = () => {
    for (const lane of lanes) lane.wake()
  }

  /** A message that could not be read, to be addressed anew. */
  async function giveUp(row: OutboxRow): Promise<void> {
    await damage.report({ table: 'outbox', column: 'sealed_message', row: row.id })
    const target = { name: row.target, retrySeconds: 1, retryMaximumSeconds: 1 }
    const settlement = createSettlement(foundation, { announcements, outbox, events, target })
    const finished = { row, verdict: { outcome: 'refused' as const, error: 'record-damaged' } }
    await foundation.store
      .transaction((trx) => settlement.write(trx, finished))
      .catch(async (error: unknown) => {
        if (!(error instanceof IntegrityError)) throw error
        await damage.report(error.place)
        await foundation.store.transaction((trx) => settlement.writeRow(trx, finished))
      })
  }

  return {
    async start() {
      const { damaged, ...left } = await outbox.recover(names)
      for (const row of damaged) await giveUp(row)
      if (left.interrupted + left.readdressed > 0) foundation.log.info(left, 'alerts left by an earlier run')
      running = lanes.map((lane) => lane.run())
    },
    wake,
    async stop() {
      for (const lane of lanes) lane.stop()
      const closeAll = () => {
        hangUp.abort()
        for (const { adapter } of lanes) void adapter.close()
      }
      const hurry = setTimeout(closeAll, graceMs)
      await Promise.all(running)
      clearTimeout(hurry)
      closeAll()
    },
    polled: lanes.flatMap(({ target, adapter }) =>
      'poll' in target && target.poll && adapter.poll
        ? [{ target: target.name, everySeconds: target.poll.everySeconds, poll: adapter.poll }]
        : [],
    ),
    handlers: interfaceHandlers(foundation, { ...rest, outbox, lanes }),
  }
}
