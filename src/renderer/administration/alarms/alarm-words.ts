import type { Alarm } from '../../../shared/alarm/index.ts'
import type { Translate } from '../../i18n/index.ts'
import { dateTime } from '../../i18n/index.ts'
import { durationText, wordOf } from '../frame/figures.ts'

export type AlarmState = 'standing' | 'acknowledged' | 'cleared'

export function alarmState(alarm: Alarm): AlarmState {
  if (alarm.clearedAt !== null) return 'cleared'
  return alarm.acknowledged ? 'acknowledged' : 'standing'
}

/** Whether somebody must still see to it: what the bell counts. */
export function isOpen(alarm: Alarm): boolean {
  return alarmState(alarm) === 'standing'
}

const ranks: Record<AlarmState, number> = { standing: 0, acknowledged: 1, cleared: 2 }

/** What stands comes first, the serious before the rest, the newest before the older. */
export function byUrgency(a: Alarm, b: Alarm): number {
  return (
    ranks[alarmState(a)] - ranks[alarmState(b)] ||
    Number(b.severity === 'serious') - Number(a.severity === 'serious') ||
    b.raisedAt - a.raisedAt
  )
}

/** The facts in words; codes and names that have none as they are. */
export function factsOf(t: Translate, { facts }: Alarm): [name: string, value: string][] {
  return Object.entries(facts).map(([name, value]) => [
    wordOf(t, `dataProtection.alarm.fact.${name}`, name),
    valueText(t, name, value),
  ])
}

export function factsLine(t: Translate, alarm: Alarm): string {
  return factsOf(t, alarm)
    .map(([name, value]) => `${name} ${value}`)
    .join('　')
}

function valueText(t: Translate, name: string, value: string | number | boolean): string {
  if (typeof value === 'number') {
    if (name === 'since') return dateTime(value)
    if (name === 'lagSeconds') return durationText(t, value * 1000)
    if (name === 'offsetMs') return `${value} ms`
    if (name === 'freeMiB') return `${value} MiB`
    return String(value)
  }
  if (typeof value === 'boolean') return value ? '✓' : '✗'
  if (name === 'kind') return wordOf(t, `dataProtection.backup.kinds.${value}`, value)
  return wordOf(t, `dataProtection.alarm.code.${value}`, value)
}
