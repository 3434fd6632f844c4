import { Cron } from 'croner'
import type { Logger } from 'pino'
import type { Clock } from '../../../shared/time/clock.ts'
import { dayAfter, dayOf, monthOf, periodOf } from '../calendar.ts'
import type { AuditReports } from './audit-reports.ts'

/** Every night, of the day before; on the first of a month, of the month before (in the hospital's time). */
const nightly = '30 0 * * *'
/** What is due at the start waits until the gateway has its hands free: each report reads the whole chain. */
const firstAfterMs = 90_000
/** Days that are made up for where the gateway did not run. */
const mostDays = 7

/** Finished periods that have no report yet, oldest first. `since`: when the first record was made, epoch ms. */
export function periodsDue(now: number, since: number): { kind: 'daily' | 'monthly'; period: string }[] {
  const today = dayOf(now)
  const days = Array.from({ length: mostDays }, (_, back) => dayAfter(today, back - mostDays))
  const lastMonth = monthOf((periodOf(monthOf(now))?.from ?? now) - 1)
  return [
    ...days.map((period) => ({ kind: 'daily' as const, period })),
    { kind: 'monthly' as const, period: lastMonth },
  ].filter(({ period }) => (periodOf(period)?.to ?? 0) > since)
}

/** Makes the reports that are due: at the start, and every night. */
export function createReportSchedule(deps: {
  reports: Pick<AuditReports, 'make' | 'isMade'>
  /** Null where there is no record yet. */
  firstRecordAt(): Promise<number | null>
  gatewayId: string
  clock: Clock
  log: Logger
}) {
  const { reports, clock, log } = deps
  let job: Cron | undefined
  let first: NodeJS.Timeout | undefined
  let stopped = false
  let working: Promise<void> = Promise.resolve()

  async function makeDue(): Promise<void> {
    const since = await deps.firstRecordAt()
    if (since === null) return
    for (const due of periodsDue(clock(), since))
      if (!stopped && !(await reports.isMade(due)))
        await reports.make(due, null, { kind: 'gateway', id: deps.gatewayId })
  }

  function run(): Promise<void> {
    working = working.then(makeDue).catch((error: unknown) => {
      log.error({ code: (error as { code?: unknown }).code }, 'audit report not made')
    })
    return working
  }

  return {
    run,
    start(): void {
      job = new Cron(nightly, { unref: true }, () => void run())
      first = setTimeout(() => void run(), firstAfterMs).unref()
    },
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(first)
      job?.stop()
      await working
    },
  }
}
