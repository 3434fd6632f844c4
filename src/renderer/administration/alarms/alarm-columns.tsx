import type { Alarm } from '../../../shared/alarm/index.ts'
import type { Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { timeColumn } from '../../table/time-column.tsx'
import { alarmState, factsLine, subjectText } from './alarm-words.ts'

export const stateClass = { standing: 'state-bad', acknowledged: 'state-warn', cleared: 'state-ok' } as const

export function alarmColumns(t: Translate): Column<Alarm>[] {
  const state = (row: Alarm) => t(`dataProtection.alarm.states.${alarmState(row)}`)
  const severity = (row: Alarm) => t(`dataProtection.alarm.severities.${row.severity}`)
  const what = (row: Alarm) => t(`dataProtection.alarm.kind.${row.kind}.name`)
  const details = (row: Alarm) => factsLine(t, row)
  const subject = (row: Alarm) => subjectText(t, row)
  return [
    {
      key: 'state',
      title: t('dataProtection.alarm.state'),
      width: 88,
      render: (row) => <span className={stateClass[alarmState(row)]}>{state(row)}</span>,
      text: state,
      choices: (row) => [state(row)],
    },
    {
      key: 'severity',
      title: t('dataProtection.alarm.severity'),
      width: 72,
      render: (row) => (
        <span className={row.severity === 'serious' ? 'state-bad' : 'state-warn'}>{severity(row)}</span>
      ),
      text: severity,
      choices: (row) => [severity(row)],
    },
    {
      key: 'what',
      title: t('dataProtection.alarm.what'),
      width: 180,
      grow: 2,
      render: (row) => <span title={what(row)}>{what(row)}</span>,
      text: what,
      choices: (row) => [what(row)],
    },
    {
      key: 'subject',
      title: t('dataProtection.alarm.subject'),
      width: 96,
      grow: 1,
      render: (row) => <span title={subject(row)}>{subject(row)}</span>,
      text: subject,
    },
    {
      key: 'details',
      title: t('dataProtection.alarm.details'),
      width: 140,
      grow: 3,
      render: (row) => <span title={details(row)}>{details(row)}</span>,
      text: details,
    },
    timeColumn('raisedAt', t('dataProtection.alarm.raisedAt'), (row) => row.raisedAt),
    timeColumn('clearedAt', t('dataProtection.alarm.clearedAt'), (row) => row.clearedAt),
    {
      key: 'acknowledgedBy',
      title: t('dataProtection.alarm.acknowledgedBy'),
      width: 88,
      render: (row) => row.acknowledged?.by ?? '',
      text: (row) => row.acknowledged?.by ?? '',
    },
  ]
}
