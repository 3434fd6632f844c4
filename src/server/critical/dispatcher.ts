import type { Hl7Target } from '../config/index.ts'
import type { Announcements, Foundation } from '../foundation.ts'
import type { DamageReports } from '../integrity/index.ts'
import { IntegrityError } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'
import type { AlertStore } from './alert-store.ts'
import { judge, type Verdict } from './hl7/acknowledgement.ts'
import { createHl7Connection, type Hl7Connection, TransportError } from './hl7/connection.ts'
import { oruMessage } from './hl7/oru-message.ts'
import type { Outbox } from './outbox.ts'
import type { RaisedAlert } from './raised-alert.ts'
import { retryDelay } from './retry.ts'
import { createWakeup } from './wakeup.ts'

type OutboxRow = Schema['outbox']
/** A verdict and, where the receiver said something in its own words, those; they go into the sealed audit only. */
type Attempt = Verdict & { receiverText?: string; silent?: boolean }

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
  targets: readonly Hl7Target[]
}): Dispatcher {
  const { foundation, announcements, damage, outbox, alerts, targets } = deps
  const { store, audit, clock, random, log } = foundation
  const patients = new Map<string, string>()
  const lanes = targets.map((target) => ({
    target,
    wakeup: createWakeup(),
    connection: createHl7Connection(target),
  }))
  let running: Promise<void>[] = []
  let stopping = false

  /** One loop a target: one delivery in flight, so that order holds and a receiver is not flooded. */
  async function serve({ target, wakeup, connection }: (typeof lanes)[number]): Promise<void> {
    let silences = 0
    while (!stopping) {
      try {
        const next = await nextDue(target)
        if (!('row' in next)) {
          await wakeup.sleep(Math.min(next.at - clock(), longestSleepMs))
          continue
        }
        const heard = await deliver(next.row, target, connection)
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
        const patient = await patientOf(row)
        if (held.has(patient)) continue
        if (row.next_attempt_at <= clock()) return { row }
        held.add(patient)
        at = Math.min(at, row.next_attempt_at)
      }
      const last = rows.at(-1)
      if (!last || rows.length < page) return { at }
      after = last.id
    }
  }

  /** A damaged alert stands for itself: it will be refused when its turn comes, and must hold nobody else up. */
  async function patientOf(row: OutboxRow): Promise<string> {
    const known = patients.get(row.alert_id)
    if (known !== undefined) return known
    try {
      const patient = `patient ${(await alerts.read(row.alert_id)).patient.id}`
      patients.set(row.alert_id, patient)
      return patient
    } catch (error) {
      if (error instanceof IntegrityError) return `alert ${row.alert_id}`
      throw error
    }
  }

  /** One attempt, with its outcome recorded. False where the receiver gave no answer at all. */
  async function deliver(queued: OutboxRow, target: Hl7Target, connection: Hl7Connection): Promise<boolean> {
    let alert: RaisedAlert
    try {
      alert = await alerts.read(queued.alert_id)
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error
      await damage.report(error.place)
      await settle(queued, { outcome: 'refused', error: 'record-damaged' }, target)
      return true
    }
    const row = await outbox.begin(queued)
    announce(row.alert_id, alert)
    const attempt = await exchange(row, alert, target, connection)
    await settle(row, attempt, target)
    announce(row.alert_id, alert)
    return !attempt.silent
  }

  async function exchange(
    row: OutboxRow,
    alert: RaisedAlert,
    target: Hl7Target,
    connection: Hl7Connection,
  ): Promise<Attempt> {
    try {
      const text = oruMessage(alert, target, row.control_id, clock())
      const answer = await connection.exchange(text, row.control_id)
      return { ...judge(answer, row.attempts), receiverText: answer.text }
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      return { outcome: 'retry', error: error.code, silent: true }
    }
  }

  async function settle(row: OutboxRow, attempt: Attempt, target: Hl7Target): Promise<void> {
    const at = clock()
    if (attempt.outcome === 'retry') {
      const next = at + retryDelay(row.attempts, target, random)
      await outbox.settle(store.db, row.id, {
        state: 'retrying',
        last_error: attempt.error,
        next_attempt_at: next,
      })
      log.warn({ alert: row.alert_id, target: target.name, error: attempt.error }, 'alert not delivered yet')
      return
    }
    const delivered = attempt.outcome === 'delivered'
    const error = attempt.outcome === 'refused' ? attempt.error : null
    await store.transaction(async (trx) => {
      await outbox.settle(trx, row.id, {
        state: attempt.outcome,
        last_error: error,
        ...(delivered ? { delivered_at: at } : {}),
      })
      await audit.append(trx, {
        action: delivered ? 'alert.delivered' : 'alert.refused',
        outcome: delivered ? 'success' : 'refused',
        actor: { kind: 'gateway', id: foundation.gatewayId },
        object: { kind: 'alert', id: row.alert_id },
        detail: {
          target: target.name,
          controlId: row.control_id,
          attempts: row.attempts,
          ...(error === null ? {} : { error, receiverText: attempt.receiverText ?? '' }),
        },
      })
    })
    patients.delete(row.alert_id)
    // The open count on every worklist changes with it.
    announcements.announce({ kind: 'worklist-changed' })
    if (!delivered) log.error({ alert: row.alert_id, target: target.name, error }, 'alert refused')
  }

  /** To the person who raised it. */
  function announce(alertId: string, alert: RaisedAlert): void {
    announcements.announce({ kind: 'alert-changed', alertId }, { accountId: alert.reporter.accountId })
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
        for (const { connection } of lanes) connection.close()
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
