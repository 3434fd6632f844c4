import type { Transaction } from 'kysely'
import type { Announcements, Foundation } from '../../foundation.ts'
import { loggable } from '../../http/index.ts'
import type { DamageReports } from '../../integrity/index.ts'
import { IntegrityError } from '../../protection/index.ts'
import type { Schema } from '../../store/index.ts'
import type { AlertEvents } from '../alerts/alert-events.ts'
import { leastIdAt } from '../alerts/alert-id.ts'
import type { AlertStore } from '../alerts/alert-store.ts'
import { createWakeup } from '../delivery/wakeup.ts'

type StandingRow = Schema['alert_standings']

const page = 200
const everyMs = 300_000
/** How far back; what is older is the scrub's. Ids sort by time, so that no column need be believed. */
const reachMs = 31 * 86_400_000
const pauseMs = 20

/**
 * Opens every alert's standing from time to time. The escalation clock goes by clear columns; who changes one of them,
 * or takes a row away, must not be able to silence an alert.
 */
export interface StandingWatch {
  start(): void
  /** Looks at all of them once. */
  look(): Promise<void>
  /** Makes one standing good from the alert's events. @returns false where even the alert is damaged. */
  mend(alertId: string): Promise<boolean>
  stop(): Promise<void>
}

export function createStandingWatch(deps: {
  foundation: Foundation
  announcements: Announcements
  damage: DamageReports
  events: AlertEvents
  alerts: AlertStore
  /** A standing was made good: its deadline may be due. */
  mended: () => void
}): StandingWatch {
  const { foundation, announcements, damage, events, alerts, mended } = deps
  const { store, clock, log } = foundation
  const wakeup = createWakeup()
  let running: Promise<void> = Promise.resolve()
  let stopping = false

  async function look(): Promise<void> {
    for (let after = leastIdAt(Math.max(0, clock() - reachMs)); !stopping; ) {
      const rows = await store.db
        .selectFrom('alerts')
        .leftJoin('alert_standings', 'alert_standings.alert_id', 'alerts.id')
        .select(['id', 'level', 'alert_id', 'status', 'due_at', 'sealed_standing', 'changed_at'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(page)
        .execute()
      for (const { id, level, ...row } of rows) {
        if (isWhole(row) || (await mend(id))) continue
        // Nothing is known of it but that it is there: somebody must look at the report.
        announcements.announce({
          kind: 'alert-attention',
          alertId: id,
          level: level === 'orange' || level === 'yellow' ? level : 'red',
          why: 'exhausted',
        })
      }
      const last = rows.at(-1)
      if (!last || rows.length < page) return
      after = last.id
      await wakeup.sleep(pauseMs, { deaf: true })
    }
  }

  function isWhole(row: { [K in keyof StandingRow]: StandingRow[K] | null }): boolean {
    const { alert_id, status, due_at, sealed_standing, changed_at } = row
    if (alert_id === null || status === null || sealed_standing === null || changed_at === null) return false
    try {
      events.opened({ alert_id, status, due_at, sealed_standing, changed_at })
      return true
    } catch (error) {
      if (error instanceof IntegrityError) return false
      throw error
    }
  }

  async function mend(alertId: string): Promise<boolean> {
    try {
      const alert = await alerts.read(alertId)
      const restored = await store.transaction(async (trx) =>
        // Another gateway, or the clock beside this watch, may have been here first.
        (await isGood(trx, alertId)) ? null : events.restore(trx, alert),
      )
      if (!restored) return true
      const { standing, damaged } = restored
      await damage.report({ table: 'alert_standings', column: 'sealed_standing', row: alertId }, 'changed')
      for (const place of damaged) await damage.report(place)
      log.error({ alert: alertId, damaged: damaged.length }, 'standing of an alert restored from its events')
      events.announce(standing)
      mended()
      return true
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error
      await damage.report(error.place)
      return false
    }
  }

  async function isGood(trx: Transaction<Schema>, alertId: string): Promise<boolean> {
    try {
      await events.standing(trx, alertId)
      return true
    } catch (error) {
      if (error instanceof IntegrityError) return false
      throw error
    }
  }

  async function run(): Promise<void> {
    while (!stopping) {
      try {
        await look()
      } catch (error) {
        log.error(loggable(error), 'watch over alerts halted')
      }
      await wakeup.sleep(everyMs, { deaf: true })
    }
  }

  return {
    look,
    mend,
    start() {
      running = run()
    },
    async stop() {
      stopping = true
      wakeup.end()
      await running
    },
  }
}
