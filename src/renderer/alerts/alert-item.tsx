import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../shared/alert/index.ts'
import { RevealEye } from '../access/reveal-eye.tsx'
import { useClock } from '../bridge/index.ts'
import { sentenceTime } from '../i18n/index.ts'
import { personName } from '../patient/patient-facts.ts'
import { Countdown } from './countdown.tsx'
import { Delivery } from './delivery.tsx'
import { recipientText } from './event-words.ts'
import { LevelTag } from './level-tag.tsx'
import { ProgressLine } from './progress-line.tsx'

/** One alert: who, what, how urgent, how far it has come, and by when somebody must answer. */
export function AlertItem({ alert, action }: { alert: Alert; action?: ReactNode }) {
  const { t } = useTranslation()
  const clock = useClock()
  return (
    <li className="alert-item" data-testid="alert" data-alert={alert.id} data-status={alert.state.status}>
      <div className="alert-line">
        <LevelTag level={alert.level} />
        <strong>{alert.typeName}</strong>
        <span className="space" />
        <Delivery alert={alert} />
      </div>
      <p className="alert-content">{alert.content}</p>
      <div className="alert-line">
        <ProgressLine state={alert.state} />
        <span className="space" />
        <Countdown state={alert.state} />
      </div>
      <div className="alert-line quiet">
        <span>
          {personName(alert.patientName)}
          {alert.veiled && <RevealEye exam={alert} />}
        </span>
        <span className="number">{alert.accessionNumber}</span>
        <span>{recipientText(t, alert.recipient)}</span>
        <span>
          {t('alerts.raisedBy', { name: alert.raisedBy, time: sentenceTime(alert.raisedAt, clock()) })}
        </span>
        <span className="space" />
        {action}
      </div>
      <Urgency alert={alert} />
    </li>
  )
}

/** What calls for the telephone, in a sentence; nothing where nothing does. */
export function Urgency({ alert: { state } }: { alert: Pick<Alert, 'state'> }) {
  const { t } = useTranslation()
  if (state.exhausted) return <p className="alert-urgent">{t('alerts.exhaustedHint')}</p>
  if (state.refused && state.receivedAt === null && state.withdrawnAt === null)
    return <p className="alert-urgent">{t('alerts.refusedHint')}</p>
  return null
}
