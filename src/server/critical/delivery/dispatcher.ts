import type { Hl7Target } from '../../config/index.ts'
import type { Announcements, Foundation } from '../../foundation.ts'
import type { DamageReports } from '../../integrity/index.ts'
import { IntegrityError } from '../../protection/index.ts'
import type { Schema } from '../../store/index.ts'
import type { AlertEvents } from '../alerts/alert-events.ts'
import type { AlertStore } from '../alerts/alert-store.ts'
import type { RaisedAlert } from '../alerts/raised-alert.ts'
import type { Attempt, DeliveryAdapter } from './adapter.ts'
import { createHl7Adapter } from './hl7/adapter.ts'
import type { Outbox, QueuedMessage } from './outbox.ts'
import { retryDelay } from './retry.ts'
import { createWakeup } from './wakeup.ts'

type OutboxRow = Schema['outbox']

/** Rows looked at in one query. */
const page = 200
/** The outbox is looked at this often even when nothing happens. */
const longestSleepMs = 60_000
/** After an error of the database itself. */
const troubleMs = 1000
/** How long a stop waits for the answer to what is in flight. */
const graceMs = 2000

/** Takes alerts from the outbox to their targets until each is delivered or refused. */
export interface Dispatcher {
  /** Picks up what an earlier run left, then works until `stop`. */
  start(): Promise<void>
  /** Something was queued. */
  wake(): void
  stop(): Promise<void>
}

export function createDispatcher(deps: {
  foundation: Foundation
  announcements: Announcements
  damage: DamageReports
  outbox: Outbox
  alerts: AlertStore
  events: AlertEvents
  targets: readonly Hl7Target[]
}): Dispatcher {
  const { foundation, announcements, damage, outbox, alerts, events, targets } = deps
  const { store, audit, clock, random, log } = foundation
  const lanes = targets.map((target) => ({
    target,
    wakeup: createWakeup(),
    adapter: createHl7Adapter(target),
  }))
  let running: Promise<void>[] = []
  let stopping = false
  const stopped = new AbortController()

  /** One loop a target: one delivery in flight, so that order holds and a receiver is not flooded. */
  async function serve({ target, wakeup, adapter }: (typeof lanes)[number]): Promise<void> {
    let silences = 0
    while (!stopping) {
      try {
        const next = await nextDue(target)
        if (!('row' in next)) {
          await wakeup.sleep(Math.min(next.at - clock(), longestSleepMs))
          continue
        }
        const heard = await deliver(next.row, target, adapter)
        silences = heard ? 0 : silences + 1
        // A receiver that does not answer is left alone for a while, whatever else waits for it.
        if (!heard) await wakeup.sleep(retryDelay(silences, target, random), { deaf: true })
      } catch (error) {
        log.error({ target: target.name, code: errorName(error) }, 'alert delivery halted')
        await wakeup.sleep(troubleMs, { deaf: true })
      }
    }
  }

  /** The oldest due delivery whose patient has no earlier one waiting; or when to look again (epoch ms). */
  async function nextDue(target: Hl7Target): Promise<{ row: OutboxRow } | { at: number }> {
    const held = new Set<string>()
    let at = Number.POSITIVE_INFINITY
    for (let after = ''; ; ) {
      const rows = await outbox.waiting(target.name, after, page)
      for (const row of rows) {
        if (held.has(row.patient_index)) continue
        if (row.next_attempt_at <= clock()) return { row }
        held.add(row.patient_index)
        at = Math.min(at, row.next_attempt_at)
      }
      const last = rows.at(-1)
      if (!last || rows.length < page) return { at }
      after = last.id
    }
  }

  /** One attempt, with its outcome recorded. False where the receiver gave no answer at all. */
  async function deliver(queued: OutboxRow, target: Hl7Target, adapter: DeliveryAdapter): Promise<boolean> {
    let alert: RaisedAlert
    let message: QueuedMessage
    try {
      alert = await alerts.read(queued.alert_id)
      message = outbox.messageOf(queued)
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error
      await damage.report(error.place)
      await settle(queued, { outcome: 'refused', error: 'record-damaged' }, target)
      return true
    }
    const row = await outbox.begin(queued)
    announcements.announce({ kind: 'alert-changed', alertId: row.alert_id })
    const outgoing = {
      ...message,
      alert,
      controlId: row.control_id,
      sentAt: clock(),
      attempt: row.attempts,
      test: false,
    }
    const attempt = await adapter.send(outgoing, stopped.signal)
    await settle(row, attempt.verdict, target, attempt.receiverText)
    return !attempt.silent
  }

  async function settle(
    row: OutboxRow,
    verdict: Attempt['verdict'],
    target: Hl7Target,
    receiverText?: string,
  ): Promise<void> {
    const at = clock()
    if (verdict.outcome === 'retry') {
      await outbox.settle(store.db, row.id, {
        state: 'retrying',
        last_error: verdict.error,
        next_attempt_at: at + retryDelay(row.attempts, target, random),
      })
      announcements.announce({ kind: 'alert-changed', alertId: row.alert_id })
      log.warn({ alert: row.alert_id, target: target.name, error: verdict.error }, 'alert not delivered yet')
      return
    }
    const refused = verdict.outcome === 'refused' ? verdict.error : null
    const said = { target: target.name, message: row.kind }
    const standing = await store.transaction(async (trx) => {
      await outbox.settle(trx, row.id, {
        state: verdict.outcome,
        last_error: refused,
        settled_at: at,
        ...(refused === null ? { delivered_at: at } : {}),
      })
      await audit.append(trx, {
        action: 'delivery.settled',
        outcome: refused === null ? 'success' : 'refused',
        actor: { kind: 'gateway', id: foundation.gatewayId },
        object: { kind: 'alert', id: row.alert_id },
        detail: {
          ...said,
          controlId: row.control_id,
          attempts: row.attempts,
          ...(refused === null ? {} : { error: refused, receiverText: receiverText ?? '' }),
        },
      })
      return events.append(
        trx,
        row.alert_id,
        refused === null ? { kind: 'delivered', ...said } : { kind: 'refused', ...said, error: refused },
      )
    })
    events.announce(standing, refused === null ? undefined : 'refused')
    // The open count on every worklist changes with it.
    announcements.announce({ kind: 'worklist-changed' })
    if (refused !== null)
      log.error({ alert: row.alert_id, target: target.name, error: refused }, 'alert refused')
  }

  return {
    async start() {
      const left = await outbox.recover(targets.map((target) => target.name))
      if (left.interrupted + left.readdressed > 0) log.info(left, 'alerts left by an earlier run')
      running = lanes.map(serve)
    },
    wake() {
      for (const { wakeup } of lanes) wakeup.wake()
    },
    async stop() {
      stopping = true
      for (const { wakeup } of lanes) wakeup.end()
      const hangUp = () => {
        stopped.abort()
        for (const { adapter } of lanes) void adapter.close()
      }
      const hurry = setTimeout(hangUp, graceMs)
      await Promise.all(running)
      clearTimeout(hurry)
      hangUp()
    },
  }
}

/** The kind of an error, never its message: that may hold what was being written. */
function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
