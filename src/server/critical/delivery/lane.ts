import type { CriticalTarget } from '../../config/index.ts'
import type { Announcements, Foundation } from '../../foundation.ts'
import type { DamageReports } from '../../integrity/index.ts'
import { IntegrityError } from '../../protection/index.ts'
import type { Queries } from '../../store/index.ts'
import type { AlertStore } from '../alerts/alert-store.ts'
import type { DeliveryAdapter } from './adapter.ts'
import { allowance, type Circuit, circuitAfter, circuitAt, closedCircuit, resumed } from './breaker.ts'
import { type Due, dueMessages } from './due.ts'
import type { Outbox, OutboxRow, Waiting } from './outbox.ts'
import type { Finished, Settlement } from './settlement.ts'
import { createWakeup } from './wakeup.ts'

/** Rows looked at in one query. */
const page = 500
/** The outbox is looked at this often even when nothing happens. */
const longestSleepMs = 60_000
/** After an error of the database itself. */
const troubleMs = 1000

/** Brings one target its messages, several at a time, those of one patient one after another. */
export interface Lane {
  readonly target: CriticalTarget
  readonly adapter: DeliveryAdapter
  /** Works until `stop`. */
  run(): Promise<void>
  wake(): void
  /** No new message goes out; `run` ends once those in flight have come to their end. */
  stop(): void
  /** The target may be tried now, whatever its circuit says. */
  resume(): Promise<void>
  status(): LaneStatus
}
export interface LaneStatus {
  circuit: Circuit
  lastFailureAt: number | null
  /** A code. */
  lastError: string | null
}

export function createLane(
  foundation: Pick<Foundation, 'store' | 'clock' | 'log'>,
  deps: {
    target: CriticalTarget
    adapter: DeliveryAdapter
    outbox: Outbox
    alerts: AlertStore
    settlement: Settlement
    damage: DamageReports
    announcements: Announcements
    /** Ends what is in flight. */
    hangUp: AbortSignal
  },
): Lane {
  const { store, clock, log } = foundation
  const { target, adapter, outbox, alerts, settlement, damage, announcements, hangUp } = deps
  const wakeup = createWakeup()
  /** By row id: sent and not settled yet. */
  const inFlight = new Map<string, OutboxRow>()
  /** By row id: waiting, and refused for now when it was last sent. */
  const refused = new Set<string>()
  const longestDelayMs = Math.max(target.retrySeconds, target.retryMaximumSeconds) * 1000
  let finished: Finished[] = []
  /** Outcomes that the database did not take: kept and written later, so that nothing is sent a second time for them. */
  let unwritten: Finished[] = []
  let writeAgainAt = 0
  let circuit: Circuit = closedCircuit
  /** The target came back: what waits out a delay need not. */
  let hasten = false
  let lastFailure: { at: number; error: string } | null = null
  let stopping = false

  async function run(): Promise<void> {
    for (;;) {
      try {
        const { begun, at } = await keepBooks()
        for (const row of begun) void send(row)
        if (stopping && inFlight.size === unwritten.length) return
        const look = unwritten.length > 0 ? Math.min(at, writeAgainAt) : at
        await wakeup.sleep(Math.min(look - clock(), longestSleepMs))
        // Answers that came at the same time are written together.
        await new Promise(setImmediate)
      } catch (error) {
        log.error({ target: target.name, code: errorName(error) }, 'alert delivery halted')
        if (stopping) return
        await wakeup.sleep(troubleMs, { deaf: true })
      }
    }
  }

  /** Settles what has come to its end and begins what may go out, in one transaction. */
  async function keepBooks(): Promise<{ begun: OutboxRow[]; at: number }> {
    circuit = circuitAt(circuit, clock(), target.circuit)
    if (unwritten.length > 0 && clock() >= writeAgainAt) await settleEach(unwritten)
    const done = finished
    const written = new Set(done.map(({ row }) => row.id))
    const tell: (() => void)[] = []
    let began: { begun: OutboxRow[]; at: number }
    try {
      began = await store.transaction(async (trx) => {
        for (const one of done) tell.push(await settlement.write(trx, one))
        if (hasten) await outbox.hasten(trx, target.name)
        const { ids, at } = await nextDue(trx, written)
        return { begun: ids.length > 0 ? await outbox.begin(trx, ids) : [], at }
      })
    } catch (error) {
      finished = finished.filter((one) => !done.includes(one))
      await settleEach(done)
      throw error
    }
    finished = finished.filter((one) => !done.includes(one))
    hasten = false
    for (const id of written) inFlight.delete(id)
    for (const say of tell) say()
    for (const row of began.begun) {
      inFlight.set(row.id, row)
      announcements.announce({ kind: 'alert-changed', alertId: row.alert_id })
    }
    return began
  }

  /** One by one, so that one that cannot be written holds up neither the others nor the target. */
  async function settleEach(outcomes: readonly Finished[]): Promise<void> {
    const left: Finished[] = []
    for (const one of outcomes) {
      if (await settleAlone(one)) inFlight.delete(one.row.id)
      else left.push(one)
    }
    unwritten = [...unwritten.filter((one) => !outcomes.includes(one)), ...left]
    writeAgainAt = clock() + troubleMs
  }

  async function settleAlone(one: Finished): Promise<boolean> {
    try {
      const say = await store
        .transaction((trx) => settlement.write(trx, one))
        .catch(async (error: unknown) => {
          if (!(error instanceof IntegrityError)) throw error
          await damage.report(error.place)
          await store.transaction((trx) => settlement.writeRow(trx, one))
          return () => {}
        })
      say()
      return true
    } catch (error) {
      log.error({ target: target.name, code: errorName(error) }, 'outcome of a delivery not written yet')
      return false
    }
  }

  /** `written`: in flight until now. */
  async function nextDue(queries: Queries, written: ReadonlySet<string>): Promise<Due> {
    const nothing: Due = { ids: [], at: Number.POSITIVE_INFINITY }
    if (stopping) return nothing
    if (circuit.state === 'open') return { ...nothing, at: circuit.until }
    const flying = new Set([...inFlight.keys()].filter((id) => !written.has(id)))
    // What only waits to be written occupies nobody.
    const free = allowance(circuit, target.connections) - (flying.size - unwritten.length)
    if (free <= 0) return nothing
    // One that tries whether the target is back does not wait for its own delay.
    const now = circuit.state === 'half-open' ? Number.POSITIVE_INFINITY : clock()
    const waiting: Waiting[] = []
    for (let after = ''; ; ) {
      const rows = await outbox.waiting(queries, target.name, after, page)
      waiting.push(...rows)
      const due = dueMessages(waiting, { inFlight: flying, refused, free, longestDelayMs }, now)
      const last = rows.at(-1)
      if (!last || rows.length < page || due.ids.length === free) return due
      after = last.message_id
    }
  }

  async function send(row: OutboxRow): Promise<void> {
    const { silent, ...outcome } = await attempt(row)
    const { verdict } = outcome
    if (verdict.outcome === 'retry' && silent !== true) refused.add(row.id)
    else refused.delete(row.id)
    if (verdict.outcome !== 'delivered') lastFailure = { at: clock(), error: verdict.error }
    // What was never sent says nothing about the target.
    if (silent !== null) {
      const before = circuit
      circuit = circuitAfter(circuit, !silent, clock(), target.circuit)
      const changed = circuit.state !== before.state
      hasten ||= changed && circuit.state === 'closed'
      if (changed) log.warn({ target: target.name, circuit: circuit.state }, 'delivery circuit')
    }
    finished.push({ row, ...outcome })
    wakeup.wake()
  }

  async function attempt(row: OutboxRow): Promise<Omit<Finished, 'row'> & { silent: boolean | null }> {
    try {
      const alert = await alerts.read(row.alert_id)
      const message = outbox.messageOf(row)
      const { verdict, silent, receiverText } = await adapter.send(
        {
          ...message,
          alert,
          controlId: row.control_id,
          sentAt: clock(),
          attempt: row.attempts,
          test: false,
        },
        hangUp,
      )
      return { verdict, silent, ...(receiverText === undefined ? {} : { receiverText }) }
    } catch (error) {
      if (error instanceof IntegrityError) {
        await damage.report(error.place)
        return { verdict: { outcome: 'refused', error: 'record-damaged' }, silent: null }
      }
      log.error({ target: target.name, code: errorName(error) }, 'alert delivery failed')
      return { verdict: { outcome: 'retry', error: 'internal' }, silent: null }
    }
  }

  return {
    target,
    adapter,
    run,
    wake: wakeup.wake,
    stop() {
      stopping = true
      wakeup.wake()
    },
    async resume() {
      circuit = resumed(circuit)
      await outbox.hasten(store.db, target.name)
      wakeup.wake()
    },
    status: () => ({
      circuit: circuitAt(circuit, clock(), target.circuit),
      lastFailureAt: lastFailure?.at ?? null,
      lastError: lastFailure?.error ?? null,
    }),
  }
}

/** The kind of an error, never its message: that may hold what was being written. */
function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
