import { useTranslation } from 'react-i18next'
import { AlertItem } from './alert-item.tsx'
import { inOrderOfConcern, useAlerts } from './alerts-query.ts'

/** The alerts that went out with one study's reports, live; nothing where there are none. */
export function StudyAlerts({ study }: { study: string }) {
  const { t } = useTranslation()
  const alerts = useAlerts(study)
  if (!alerts.data?.length) return null
  return (
    <section className="study-alerts" data-testid="study-alerts">
      <h3>{t('alerts.title')}</h3>
      <ul className="alert-list">
        {inOrderOfConcern(alerts.data).map((alert) => (
          <AlertItem key={alert.id} alert={alert} />
        ))}
      </ul>
    </section>
  )
}
