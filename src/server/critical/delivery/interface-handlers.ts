import { VigilError } from '../../../shared/errors/index.ts'
import type { Foundation } from '../../foundation.ts'
import { auditActor } from '../../http/index.ts'
import type { Handlers } from '../../http/route-handlers.ts'
import type { DamageReports } from '../../integrity/index.ts'
import type { AlertEvents } from '../alerts/alert-events.ts'
import { deadLetters, replayLetter } from './dead-letters.ts'
import type { Lane } from './lane.ts'
import { addressOf } from './open-adapter.ts'
import type { Outbox } from './outbox.ts'
import { testMessage } from './test-alert.ts'

export type InterfaceRoutes =
  | 'deliveryTargets'
  | 'sendTestAlert'
  | 'resumeTarget'
  | 'deadLetters'
  | 'replayDeadLetter'

/** What the administrator sees of the targets, and does about them. */
export function interfaceHandlers(
  foundation: Foundation,
  deps: {
    outbox: Outbox
    events: AlertEvents
    damage: DamageReports
    lanes: readonly Lane[]
    newId: () => string
  },
): Handlers<InterfaceRoutes> {
  const { store, audit, clock } = foundation
  const { outbox, events, damage, lanes, newId } = deps

  /** @throws VigilError `target-unknown` */
  function laneOf(name: string): Lane {
    const lane = lanes.find(({ target }) => target.name === name)
    if (!lane) throw new VigilError('target-unknown')
    return lane
  }

  async function counts(target: string) {
    const rows = await store.db
      .selectFrom('outbox')
      .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
      .where('target', '=', target)
      .where('state', 'in', ['queued', 'retrying', 'sending', 'refused'])
      .groupBy('state')
      .execute()
    // The newest message that arrived: the index gives it without looking at all that ever did.
    const last = await store.db
      .selectFrom('outbox')
      .select('delivered_at')
      .where('target', '=', target)
      .where('state', '=', 'delivered')
      .orderBy('message_id', 'desc')
      .limit(1)
      .executeTakeFirst()
    const total = (refused: boolean) =>
      rows
        .filter(({ state }) => (state === 'refused') === refused)
        .reduce((sum, row) => sum + Number(row.count), 0)
    return { waiting: total(false), deadLetters: total(true), lastSuccessAt: last?.delivered_at ?? null }
  }

  return {
    deliveryTargets: async () => ({
      targets: await Promise.all(
        lanes.map(async (lane) => {
          const { circuit, ...failure } = lane.status()
          return {
            name: lane.target.name,
            kind: lane.target.kind,
            ...addressOf(lane.target),
            circuit: circuit.state,
            resumesAt: circuit.state === 'open' ? circuit.until : null,
            ...(await counts(lane.target.name)),
            ...failure,
          }
        }),
      ),
    }),
    async sendTestAlert({ params, principal, address, signal }) {
      const { adapter, target } = laneOf(params.target)
      const message = testMessage({ newId, now: clock(), by: principal })
      const actor = auditActor(principal, address)
      const object = { kind: 'target', id: target.name }
      // What goes out cannot be taken back: it is on record before it does.
      const detail = { alert: message.alert.id }
      await audit.record({ action: 'interface.test-begun', outcome: 'success', actor, object, detail })
      const begun = performance.now()
      const { verdict, exchange } = await adapter.send(message, signal)
      const ms = Math.round((performance.now() - begun) * 10) / 10
      const error = verdict.outcome === 'delivered' ? null : verdict.error
      await audit.record({
        action: 'interface.tested',
        outcome: error === null ? 'success' : 'failed',
        actor,
        object,
        detail: { ...detail, ms, ...(error === null ? {} : { error }) },
      })
      return { outcome: verdict.outcome, error, ms, exchange }
    },
    async resumeTarget({ params, principal, address }) {
      const lane = laneOf(params.target)
      await audit.record({
        action: 'interface.resumed',
        outcome: 'success',
        actor: auditActor(principal, address),
        object: { kind: 'target', id: lane.target.name },
        detail: { circuit: lane.status().circuit.state },
      })
      await lane.resume()
      return {}
    },
    deadLetters: async () => ({ letters: await deadLetters(store.db) }),
    async replayDeadLetter({ params, principal, address }) {
      const standing = await replayLetter(params.id, {
        store,
        outbox,
        events,
        targets: lanes.map(({ target }) => target.name),
        by: { accountId: principal.accountId, name: principal.displayName },
        actor: auditActor(principal, address),
      }).catch(async (error: unknown) => {
        throw await damage.refusal(error)
      })
      events.announce(standing)
      for (const lane of lanes) lane.wake()
      return {}
    },
  }
}
