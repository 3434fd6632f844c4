import type { Alarm, AlarmKind } from '../../../shared/alarm/index.ts'
import type { Translate } from '../../i18n/index.ts'
import { dateTime } from '../../i18n/index.ts'
import { backupCodeText } from '../backup/backup-words.ts'
import { durationText, wordOf } from '../frame/figures.ts'
import { damageText, purposeText, tableText } from '../protection/protection-words.ts'

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

/** Of what of its kind it is: a place, a table, a purpose; empty where there is but one, or an id says nothing to a reader. */
export function subjectText(t: Translate, { kind, subject }: Pick<Alarm, 'kind' | 'subject'>): string {
  if (subject === '' || kind === 'anomaly') return ''
  if (kind === 'data-damaged') return tableText(t, subject)
  if (kind === 'key-rotation-stalled') return purposeText(t, subject)
  return wordOf(t, `dataProtection.alarm.subjects.${kind}.${subject}`, subject)
}

/** The facts in words; a name that has no word as it is. */
export function factsOf(t: Translate, { kind, facts }: Pick<Alarm, 'kind' | 'facts'>): [string, string][] {
  return Object.entries(facts)
    .filter(([name, value]) => value !== '' && !unsaid[kind]?.includes(name))
    .map(([name, value]) => [
      wordOf(t, `dataProtection.alarm.fact.${name}`, name),
      valueText(t, { kind, facts }, name, value),
    ])
}

export function factsLine(t: Translate, alarm: Pick<Alarm, 'kind' | 'facts'>): string {
  return factsOf(t, alarm)
    .map(([name, value]) => `${name} ${value}`)
    .join('　')
}

/** Said by the subject already. */
const unsaid: Partial<Record<AlarmKind, readonly string[]>> = {
  'backup-overdue': ['kind'],
  'key-rotation-stalled': ['purpose'],
}

function valueText(
  t: Translate,
  { kind, facts }: Pick<Alarm, 'kind' | 'facts'>,
  name: string,
  value: string | number | boolean,
): string {
  if (name === 'restored') return t(value ? 'administration.yes' : 'administration.no')
  if (typeof value === 'boolean') return t(value ? 'administration.yes' : 'administration.no')
  if (typeof value === 'string') return codeText(t, kind, name, value)
  if (name === 'since') return dateTime(value)
  if (name === 'lagSeconds') return durationText(t, value * 1000)
  if (name === 'offsetMs') return offsetText(t, value, facts.source === 'monotonic')
  if (name === 'freeMiB') return `${value} MiB`
  return String(value)
}

/** A code means what it does for this kind of alarm: `refused` by a log server is not `refused` by a store of copies. */
function codeText(t: Translate, kind: AlarmKind, name: string, code: string): string {
  if (name === 'what' || name === 'fault') return damageText(t, code)
  if (name === 'kind')
    return wordOf(
      t,
      `${kind === 'anomaly' ? 'auditor.anomaly.kind' : 'dataProtection.backup.kinds'}.${code}`,
      code,
    )
  if (name === 'column') return wordOf(t, `dataProtection.alarm.columns.${code}`, code)
  if (name === 'source') return wordOf(t, `dataProtection.alarm.source.${code}`, code)
  if (name !== 'code') return code
  if (kind === 'audit-shipping-stalled') return wordOf(t, `auditor.shipping.error.${code}`, code)
  if (kind === 'clock-drift') return wordOf(t, `dataProtection.alarm.clock.${code}`, code)
  if (kind === 'drill-failed') return wordOf(t, `dataProtection.backup.check.${code}`, code)
  return backupCodeText(t, code)
}

/** 慢 90 秒: against servers that are `offsetMs` ahead. 向前拨了 90 秒: of a clock that was set, held against one that cannot be. */
function offsetText(t: Translate, offsetMs: number, wasSet: boolean): string {
  const ms = Math.abs(offsetMs)
  const time = ms < 1000 ? t('dataProtection.milliseconds', { count: Math.round(ms) }) : durationText(t, ms)
  const way = offsetMs > 0 ? 'ahead' : 'behind'
  return t(`dataProtection.alarm.${wasSet ? 'set' : 'servers'}.${way}`, { time })
}
