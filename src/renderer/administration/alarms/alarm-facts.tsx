import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Alarm } from '../../../shared/alarm/index.ts'
import { dateTime } from '../../i18n/index.ts'
import { FactsPanel } from '../frame/facts-panel.tsx'
import { stateClass } from './alarm-columns.tsx'
import { alarmState, factsOf, isOpen, subjectText } from './alarm-words.ts'

/** One alarm: what it means in plain words, what to do, and who said what to it. */
export function AlarmFacts(props: {
  alarm: Alarm
  mayAcknowledge: boolean
  onAcknowledge: () => void
  onClose: () => void
}) {
  const { t } = useTranslation()
  const { alarm, mayAcknowledge } = props
  const state = alarmState(alarm)
  const { acknowledged } = alarm
  const subject = subjectText(t, alarm)
  return (
    <FactsPanel
      title={t(`dataProtection.alarm.kind.${alarm.kind}.name`)}
      states={
        <span className={stateClass[state]}>
          {t(`dataProtection.alarm.states.${state}`)} ·{' '}
          {t(`dataProtection.alarm.severities.${alarm.severity}`)}
        </span>
      }
      facts={[
        [t('dataProtection.alarm.means'), t(`dataProtection.alarm.kind.${alarm.kind}.means`)],
        [t('dataProtection.alarm.todo'), t(`dataProtection.alarm.kind.${alarm.kind}.todo`)],
        ...(subject === '' ? [] : [[t('dataProtection.alarm.subject'), subject] as const]),
        ...factsOf(t, alarm),
        [t('dataProtection.alarm.raisedAt'), dateTime(alarm.raisedAt)],
        [t('dataProtection.alarm.lastSeenAt'), dateTime(alarm.lastSeenAt)],
        [t('dataProtection.alarm.count'), String(alarm.count)],
        ...(alarm.clearedAt === null
          ? []
          : [[t('dataProtection.alarm.clearedAt'), dateTime(alarm.clearedAt)] as const]),
        ...(acknowledged
          ? [
              [
                t('dataProtection.alarm.acknowledgedBy'),
                `${acknowledged.by} ${dateTime(acknowledged.at)}`,
              ] as const,
              [t('dataProtection.alarm.note'), acknowledged.note] as const,
            ]
          : []),
      ]}
      {...(mayAcknowledge && isOpen(alarm)
        ? {
            actions: (
              <Button type="primary" onClick={props.onAcknowledge} data-testid="alarm-acknowledge">
                {t('dataProtection.alarm.acknowledge')}
              </Button>
            ),
          }
        : {})}
      whyNot={!mayAcknowledge && isOpen(alarm) ? t('dataProtection.alarm.auditorOnly') : undefined}
      onClose={props.onClose}
      testId="alarm-facts"
    />
  )
}
