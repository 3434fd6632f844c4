import type { AlarmKind, AlarmSeverity } from '../../shared/alarm/index.ts'
import type { ErrorFacts } from '../../shared/errors/index.ts'

export { createAlarms } from './alarms.ts'
export { alarmHandlers } from './handlers.ts'

/** What the gateway watches over by itself: raised while something stands wrong, cleared when it no longer does. */
export interface Alarms {
  /**
   * Raises the alarm of this kind and subject, audited; one that stands already is counted on and not audited again.
   * Never throws: who raises an alarm has trouble enough. A failure to write it is logged.
   */
  raise(alarm: RaisedAlarm): Promise<void>
  /** Clears it, audited; nothing to do where it does not stand. Never throws. */
  clear(kind: AlarmKind, subject?: string): Promise<void>
  /** Called when one was raised or cleared. */
  onChange(listener: () => void): void
}

export interface RaisedAlarm {
  kind: AlarmKind
  severity: AlarmSeverity
  /** What of that kind; empty where there is but one. An id or a place, never a name. */
  subject?: string
  /** Codes, numbers and times. */
  facts?: ErrorFacts
}
