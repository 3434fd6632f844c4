import { Cron } from 'croner'

/** When a cron expression (the gateway's local time) comes up next after a moment; null where never. @throws TypeError on a wrong one. */
export function nextAfter(expression: string, at: number): number | null {
  return new Cron(expression, { paused: true }).nextRun(new Date(at))?.getTime() ?? null
}

/** True where it came up since it was last done, once or more often: what a stopped gateway missed is done once. */
export function isDue(expression: string, lastDone: number, now: number): boolean {
  const next = nextAfter(expression, lastDone)
  return next !== null && next <= now
}

/** True where a whole interval went by besides the one that may still be under way. */
export function isOverdue(expression: string, lastDone: number, now: number): boolean {
  const next = nextAfter(expression, lastDone)
  return next !== null && isDue(expression, next, now)
}
