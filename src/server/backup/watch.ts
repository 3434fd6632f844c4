import type { Foundation } from '../foundation.ts'
import type { Backups } from './backups.ts'
import { catalogue } from './catalogue.ts'
import { failureCode } from './damaged.ts'
import { isDue, isOverdue } from './schedule.ts'

const minute = 60_000
/** A backup or a drill that failed is tried again after so long. */
const againAfterMs = 10 * minute

/** Makes backups and drills when they are due, sends them on, and raises the alarm where they do not come. */
export function createBackupWatch(foundation: Foundation, deps: { backups: Backups; everyMs?: number }) {
  const { backups, everyMs = minute } = deps
  const { store, config, clock, alarms, gatewayId, log } = foundation
  const actor = { kind: 'gateway', id: gatewayId } as const
  const { full, incremental, drill } = config.backup
  let timer: NodeJS.Timeout | null = null
  let beganAt = 0
  let turn: Promise<void> | null = null
  const failedAt = { backup: Number.NEGATIVE_INFINITY, drill: Number.NEGATIVE_INFINITY }

  async function look(): Promise<void> {
    await backUp()
    // Sending may take hours on a narrow line, and the next backup does not wait for it.
    void backups.send().catch(failed('sending backups'))
    await tryOut()
    await watchAge()
  }

  async function lastTimes(): Promise<{ full: number; any: number; drill: number; hasBackup: boolean }> {
    const good = await catalogue.good(store.db)
    const [lastDrill] = await catalogue.drills(store.db, 1)
    return {
      full: good.find(({ kind }) => kind === 'full')?.started_at ?? beganAt,
      any: good[0]?.started_at ?? beganAt,
      drill: lastDrill?.startedAt ?? beganAt,
      hasBackup: good.length > 0,
    }
  }

  async function backUp(): Promise<void> {
    const now = clock()
    if (now - failedAt.backup < againAfterMs) return
    const last = await lastTimes()
    const kind = isDue(full, last.full, now)
      ? 'full'
      : isDue(incremental, last.any, now)
        ? 'incremental'
        : null
    if (!kind) return
    try {
      await backups.run(kind, actor)
    } catch {
      // Recorded and alarmed where it happened.
      failedAt.backup = now
      return
    }
    await backups.removeOld().catch(failed('retention'))
  }

  async function tryOut(): Promise<void> {
    const now = clock()
    if (now - failedAt.drill < againAfterMs) return
    const last = await lastTimes()
    if (!last.hasBackup || !isDue(drill, last.drill, now)) return
    try {
      await backups.drill(actor)
      await backups.checkKept()
    } catch (error) {
      failedAt.drill = now
      throw error
    }
  }

  async function watchAge(): Promise<void> {
    const now = clock()
    const last = await lastTimes()
    const late = [
      ['backup-overdue', 'full', full, last.full],
      ['backup-overdue', 'incremental', incremental, last.any],
      ['drill-overdue', '', drill, last.drill],
    ] as const
    for (const [kind, subject, schedule, since] of late) {
      const facts = subject ? { kind: subject, since } : { since }
      if (isOverdue(schedule, since, now)) await alarms.raise({ kind, severity: 'serious', subject, facts })
      else await alarms.clear(kind, subject)
    }
  }

  const failed = (what: string) => (error: unknown) =>
    log.error({ what, code: failureCode(error) }, 'backups')

  return {
    start(): void {
      beganAt = clock()
      turn = backups.align().catch(failed('catalogue'))
      timer = setInterval(() => {
        // One look at a time: a full backup of a large database takes longer than it is until the next.
        if (turn) return
        turn = look()
          .catch(failed('backup watch'))
          .finally(() => {
            turn = null
          })
      }, everyMs).unref()
      void turn.finally(() => {
        turn = null
      })
    },
    async stop(): Promise<void> {
      if (timer) clearInterval(timer)
      await backups.stop()
      await turn
    },
  }
}
