import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../shared/alert/index.ts'
import { useClock } from '../bridge/index.ts'
import { shortDateTime } from '../i18n/index.ts'
import { Delivery } from './delivery.tsx'
import { LevelTag } from './level-tag.tsx'

/** One alert: who, what, how urgent, and whether it has arrived. */
export function AlertItem({ alert, action }: { alert: Alert; action?: ReactNode }) {
  const { t } = useTranslation()
  const clock = useClock()
  return (
    <li className="alert-item" data-testid="alert" data-alert={alert.id}>
      <div className="alert-line">
        <LevelTag level={alert.level} />
        <strong>{alert.typeName}</strong>
        <span className="space" />
        <Delivery alert={alert} />
      </div>
      <p className="alert-content">{alert.content}</p>
      <div className="alert-line quiet">
        <span>{alert.patientName}</span>
        <span className="number">{alert.accessionNumber}</span>
        <span>
          {t('alerts.raisedBy', { name: alert.raisedBy, time: shortDateTime(alert.raisedAt, clock()) })}
        </span>
        <span className="space" />
        {action}
      </div>
      {alert.state.refused && <p className="alert-refused">{t('alerts.refusedHint')}</p>}
    </li>
  )
}
