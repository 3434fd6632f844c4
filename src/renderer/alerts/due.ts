import type { AlertState, Awaited } from '../../shared/alert/index.ts'
import { countdownText } from '../entry/countdown.ts'
import type { Translate } from '../i18n/index.ts'

/** How an alert stands against the clock. Whole seconds. */
export interface Due {
  awaited: Awaited
  /** Its deadline is past: by the clock, or because it was escalated for it. */
  late: boolean
  /** Until the next thing happens by itself: the deadline, the next hop, the release, the closing. 0 where it is due. */
  seconds: number
  /** Since it went out. */
  sinceSeconds: number
  exhausted: boolean
}

/** Null where nothing is waited for. `now` is epoch ms. */
export function dueOf(state: AlertState, now: number): Due | null {
  const { due, hops, exhausted, releasedAt, raisedAt } = state
  if (due === null) return null
  // A hop moves the time on; the deadline itself stays missed.
  const escalated = exhausted || (due.awaited === 'receive' && hops > 0)
  return {
    awaited: due.awaited,
    late: (due.awaited === 'receive' || due.awaited === 'handle') && (escalated || now > due.at),
    seconds: Math.max(0, Math.ceil((due.at - now) / 1000)),
    sinceSeconds: Math.max(0, Math.floor((now - (releasedAt ?? raisedAt)) / 1000)),
    exhausted,
  }
}

/** 接收时限 04:12, 超时未接收 12:30. */
export function dueWords(t: Translate, due: Due): string {
  const left = clockFace(due.seconds)
  switch (due.awaited) {
    case 'check':
      return due.seconds > 0 ? t('alerts.due.check', { left }) : t('alerts.due.checkNow')
    case 'close':
      return due.seconds > 0 ? t('alerts.due.close', { left }) : t('alerts.due.closeNow')
    default:
      return due.late
        ? t(`alerts.due.late.${due.awaited}`, { since: clockFace(due.sinceSeconds) })
        : t(`alerts.due.${due.awaited}`, { left })
  }
}

/** 04:12, 1:04:12: the minutes always with two digits, so that a column of them stands straight. */
export function clockFace(seconds: number): string {
  return countdownText(seconds).padStart(5, '0')
}
