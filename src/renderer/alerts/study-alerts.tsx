import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { AlertItem } from './alert-item.tsx'
import { inOrderOfConcern, useAlertList } from './alerts-query.ts'
import { DamagedNotice } from './damaged-notice.tsx'
import { NowProvider } from './now.tsx'
import { useAlertsPanel } from './panel.ts'

/** The alerts that went out with one study's reports, live; nothing where there are none. */
export function StudyAlerts({ study }: { study: string }) {
  const { t } = useTranslation()
  const panel = useAlertsPanel()
  const { data } = useAlertList({ show: 'all', study })
  if (!data || (data.alerts.length === 0 && data.damaged.length === 0)) return null
  return (
    <section className="study-alerts" data-testid="study-alerts">
      <h3>{t('alerts.title')}</h3>
      <DamagedNotice ids={data.damaged} />
      <ul className="alert-list">
        <NowProvider>
          {inOrderOfConcern(data.alerts).map((alert) => (
            <AlertItem
              key={alert.id}
              alert={alert}
              action={
                <Button type="link" size="small" onClick={() => panel.show({ alert: alert.id })}>
                  {t('alerts.details')}
                </Button>
              }
            />
          ))}
        </NowProvider>
      </ul>
    </section>
  )
}
