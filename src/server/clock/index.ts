import { performance } from 'node:perf_hooks'
import type { Clock } from '../../shared/time/clock.ts'
import type { Foundation } from '../foundation.ts'
import { medianOf, stepBetween } from './judge.ts'
import { askTime, type TimeSample } from './sntp.ts'

export interface ClockStatus {
  source: string
  /** The servers' time minus ours. */
  offsetMs: number
  checkedAt: number
}

/** Holds the gateway's clock against time servers, and against the one that cannot be set: what audit times rest on. */
export interface ClockWatch {
  start(): void
  stop(): Promise<void>
  /** Asks now. */
  measure(): Promise<void>
  /** The last measurement; null before the first, and where no server is configured. */
  status(): ClockStatus | null
}

/** How often the wall clock is held against the monotonic one. */
const lookEveryMs = 5000
/** Rounds without any answer before it is said that nothing vouches for the clock. */
const mostSilentRounds = 3
/** A set clock that no server can vouch for is an alarm for so long. */
const setAlarmMs = 24 * 3_600_000

export function createClockWatch(
  { config, clock, random, alarms, log }: Foundation,
  tuning: { elapsed?: Clock; timeoutMs?: number; lookEveryMs?: number } = {},
): ClockWatch {
  const { servers, everyMinutes, mostOffsetMs } = config.clock
  const elapsed = tuning.elapsed ?? (() => performance.now())
  const timeoutMs = tuning.timeoutMs ?? 3000
  const timers: NodeJS.Timeout[] = []
  let status: ClockStatus | null = null
  let silentRounds = 0
  let before = { wall: clock(), elapsed: elapsed() }
  let setAt: number | null = null
  let last: Promise<void> = Promise.resolve()

  async function measure(): Promise<void> {
    if (servers.length === 0) return
    const asked = await Promise.allSettled(
      servers.map(async (server) => ({
        server,
        ...(await askTime(server, { clock, random, timeoutMs })),
      })),
    )
    const samples = asked
      .filter(
        (one): one is PromiseFulfilledResult<TimeSample & { server: string }> => one.status === 'fulfilled',
      )
      .map(({ value }) => value)
    const measured = medianOf(samples)
    if (!measured) {
      silentRounds += 1
      if (silentRounds === mostSilentRounds)
        await alarms.raise({
          kind: 'clock-drift',
          severity: 'warning',
          subject: 'servers',
          facts: { code: 'no-answer', servers: servers.length },
        })
      return
    }
    silentRounds = 0
    status = { ...measured, checkedAt: clock() }
    await alarms.clear('clock-drift', 'servers')
    if (Math.abs(measured.offsetMs) <= mostOffsetMs) {
      await alarms.clear('clock-drift')
      await alarms.clear('clock-drift', 'set')
      setAt = null
      return
    }
    const { source, offsetMs } = measured
    await alarms.raise({ kind: 'clock-drift', severity: 'serious', facts: { offsetMs, source } })
  }

  /** A clock that is set moves the times of the audit with it, whatever the servers say. */
  async function look(): Promise<void> {
    const now = { wall: clock(), elapsed: elapsed() }
    const byMs = stepBetween(before, now)
    before = now
    if (Math.abs(byMs) > mostOffsetMs) {
      setAt = now.elapsed
      await alarms.raise({
        kind: 'clock-drift',
        severity: 'serious',
        subject: 'set',
        facts: { offsetMs: byMs, source: 'monotonic' },
      })
      await measure()
    } else if (setAt !== null && now.elapsed - setAt > setAlarmMs) {
      setAt = null
      await alarms.clear('clock-drift', 'set')
    }
  }

  /** One after another. */
  function soon(work: () => Promise<void>): Promise<void> {
    last = last.then(work).catch(() => log.error({ code: 'internal' }, 'clock watch'))
    return last
  }

  return {
    start() {
      timers.push(
        setInterval(() => void soon(look), tuning.lookEveryMs ?? lookEveryMs).unref(),
        setInterval(() => void soon(measure), everyMinutes * 60_000).unref(),
      )
      void soon(measure)
    },
    async stop() {
      for (const timer of timers.splice(0)) clearInterval(timer)
      await last
    },
    measure: () => soon(measure),
    status: () => status,
  }
}
