import type { Transaction } from 'kysely'
import type { Contact, RecipientKind } from '../../../shared/critical/model.ts'
import type { AlertAttention } from '../../../shared/session/index.ts'
import type { Announcements, Foundation } from '../../foundation.ts'
import { loggable } from '../../http/index.ts'
import type { DamageReports } from '../../integrity/index.ts'
import { IntegrityError } from '../../protection/index.ts'
import type { Schema } from '../../store/index.ts'
import type { AlertEvents, AlertStanding } from '../alerts/alert-events.ts'
import type { AlertStore } from '../alerts/alert-store.ts'
import { messageAbout } from '../alerts/message.ts'
import type { RaisedAlert } from '../alerts/raised-alert.ts'
import type { Release } from '../alerts/release.ts'
import type { Outbox } from '../delivery/outbox.ts'
import { createWakeup } from '../delivery/wakeup.ts'
import { type NextStep, nextStep } from './next-step.ts'

/** Alerts looked at in one round. */
const page = 100
/** Deadlines are looked at this often whatever is known of them: another gateway may have set one. */
const longestSleepMs = 1000
/** An alert that could not be made good is tried again after this. */
const lostMs = 60_000

/** The clock over all open alerts: whoever does not answer in time is passed over, until somebody answers. */
export interface Escalation {
  start(): void
  /** A deadline may have changed. */
  wake(): void
  stop(): Promise<void>
}

export function createEscalation(deps: {
  foundation: Foundation
  announcements: Announcements
  damage: DamageReports
  events: AlertEvents
  alerts: AlertStore
  outbox: Outbox
  targets: readonly string[]
  release: Release
  /** Who can be told, by the dictionary in force. */
  contacts: () => readonly Contact[]
  /** Something was put into the outbox. */
  queued: () => void
  /** The standing of this alert is damaged. @returns false where it cannot be made good. */
  mend: (alertId: string) => Promise<boolean>
}): Escalation {
  const { foundation, announcements, damage, events, alerts, outbox, targets, release, contacts } = deps
  const { store, protection, clock, log } = foundation
  const wakeup = createWakeup()
  /**
   * Whose standing is past mending, and until when (epoch ms) they are passed over: they are told of by the watch over all
   * alerts, hold up nobody here, and are tried again, because a good copy may have been put back.
   */
  const lost = new Map<string, number>()
  let running: Promise<void> = Promise.resolve()
  let stopping = false

  async function run(): Promise<void> {
    while (!stopping) {
      let sleepMs = longestSleepMs
      try {
        sleepMs = Math.min((await round()) - clock(), longestSleepMs)
      } catch (error) {
        log.error(loggable(error), 'escalation halted')
      }
      await wakeup.sleep(sleepMs)
    }
  }

  /** Does what is due. @returns when to look again, epoch ms. */
  async function round(): Promise<number> {
    const rows = await store.db
      .selectFrom('alert_standings')
      .select(['alert_id', 'due_at'])
      .where('due_at', 'is not', null)
      .orderBy('due_at')
      .limit(page + lost.size)
      .execute()
    let acted = false
    for (const { alert_id: id, due_at: dueAt } of rows) {
      if (stopping || isLost(id)) continue
      if (dueAt === null || dueAt > clock()) return acted ? clock() : (dueAt ?? clock() + longestSleepMs)
      await attend(id)
      acted = true
    }
    return acted ? clock() : clock() + longestSleepMs
  }

  /** One alert; the trouble of one is not the trouble of all. */
  async function attend(id: string): Promise<void> {
    try {
      await act(id)
    } catch (error) {
      if (!(error instanceof IntegrityError)) {
        log.error({ alert: id, ...loggable(error) }, 'alert not escalated')
        // Not at once again, nor before the others.
        await wakeup.sleep(longestSleepMs, { deaf: true })
        return
      }
      await damage.report(error.place)
      if (!(await deps.mend(id))) lost.set(id, clock() + lostMs)
    }
  }

  function isLost(id: string): boolean {
    const until = lost.get(id)
    if (until === undefined) return false
    const rest = until - clock()
    if (rest > 0 && rest <= lostMs) return true
    lost.delete(id)
    return false
  }

  async function act(id: string): Promise<void> {
    // Never changes, so that it may be read before the transaction; damaged, nothing is known of whom to tell.
    const alert = await readable(id)
    const done = await store.transaction(async (trx) => {
      // Anything may have happened since the row was read, at another gateway too.
      const before = await events.standing(trx, id)
      const step = alert
        ? nextStep(before, clock(), sideOf(alert, before), contacts())
        : withoutFacts(nextStep(before, clock(), { ward: '', department: '', doctor: '' }, []))
      return take(trx, alert, before, step)
    })
    if (!done) return
    events.announce(done.standing, done.why)
    announcements.announce({ kind: 'worklist-changed' })
    if (done.why !== undefined) log.warn({ alert: id, why: done.why }, 'alert not answered in time')
    if (done.sent) deps.queued()
  }

  async function take(
    trx: Transaction<Schema>,
    alert: RaisedAlert | null,
    before: AlertStanding,
    step: NextStep,
  ): Promise<{ standing: AlertStanding; why?: AlertAttention['why']; sent: boolean } | null> {
    const id = before.alertId
    switch (step.do) {
      case 'nothing':
        return null
      case 'close':
        return { standing: await events.append(trx, id, { kind: 'closed', by: null }), sent: false }
      case 'release': {
        if (alert) {
          const { standing } = await release(trx, alert, { unchecked: true })
          return { standing, why: 'released-unchecked', sent: true }
        }
        // Its message cannot be made any more, its deadlines begin all the same.
        const standing = await events.append(trx, id, { kind: 'released', unchecked: true })
        return { standing, why: 'exhausted', sent: false }
      }
      case 'escalate': {
        const { hop, to, awaited } = step
        const standing = await events.append(trx, id, {
          kind: 'escalated',
          hop,
          to,
          awaited,
          ...skippedOf(step),
        })
        if (alert) {
          const minutes = Math.round((clock() - (before.state.releasedAt ?? before.state.raisedAt)) / 60_000)
          const detail = { kind: 'escalation' as const, hop, awaited, minutes }
          await outbox.enqueue(trx, messageAbout(protection, alert, standing, detail), targets)
        }
        return { standing, why: 'escalated', sent: true }
      }
      case 'exhausted': {
        const event = { kind: 'exhausted' as const, awaited: step.awaited, ...skippedOf(step) }
        return { standing: await events.append(trx, id, event), why: 'exhausted', sent: false }
      }
    }
  }

  async function readable(id: string): Promise<RaisedAlert | null> {
    try {
      return await alerts.read(id)
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error
      await damage.report(error.place)
      return null
    }
  }

  return {
    start() {
      running = run()
    },
    wake: wakeup.wake,
    async stop() {
      stopping = true
      wakeup.end()
      await running
    },
  }
}

function sideOf({ order }: RaisedAlert, { ward }: AlertStanding) {
  return { ward, department: order.orderingDepartment, doctor: order.orderingDoctor }
}

/** Whom to tell of an alert whose facts are damaged is not known: our own people must see to it. */
function withoutFacts(step: NextStep): NextStep {
  return step.do === 'escalate' ? { do: 'exhausted', awaited: step.awaited, skipped: [] } : step
}

function skippedOf({ skipped }: { skipped: RecipientKind[] }): { skipped?: RecipientKind[] } {
  return skipped.length > 0 ? { skipped } : {}
}
