import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { AlertItem } from '../alerts/alert-item.tsx'
import { inOrderOfConcern, useAlerts } from '../alerts/alerts-query.ts'

interface SignedSummaryProps {
  study: string
  /** How many alerts went with the report. */
  alerts: number
  onClose: () => void
}

/** After the signature: the alerts of this study and how far each has come, live. */
export function SignedSummary({ study, alerts, onClose }: SignedSummaryProps) {
  const { t } = useTranslation()
  const list = useAlerts(study)
  return (
    <div className="sign-off" data-testid="signed-summary">
      <div className="sign-off-scroll">
        {alerts === 0 ? (
          <p className="sign-off-none">{t('signOff.doneNoAlerts')}</p>
        ) : (
          <>
            <h3 className="sign-off-heading">{t('signOff.doneAlerts')}</h3>
            <ul className="alert-list">
              {inOrderOfConcern(list.data ?? []).map((alert) => (
                <AlertItem key={alert.id} alert={alert} />
              ))}
            </ul>
          </>
        )}
      </div>
      <div className="sign-off-actions">
        <span className="sign-off-keys">{alerts > 0 && t('signOff.doneHint')}</span>
        <Button type="primary" onClick={onClose} autoFocus data-testid="signed-close">
          {t('app.close')}
        </Button>
      </div>
    </div>
  )
}
