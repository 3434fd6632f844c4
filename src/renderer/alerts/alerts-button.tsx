import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureNotice } from '../app/failure-notice.tsx'
import { AlertItem } from './alert-item.tsx'
import { inOrderOfConcern, isUnanswered, useAlerts } from './alerts-query.ts'

/** The header's count of alerts that have not arrived yet, and the panel that lists them all. */
export function AlertsButton({ onOpenStudy }: { onOpenStudy: (study: string) => void }) {
  const { t } = useTranslation()
  const alerts = useAlerts()
  const [shown, setShown] = useState(false)
  const open = alerts.data?.filter(isUnanswered).length ?? 0
  return (
    <>
      <button
        type="button"
        className="header-button"
        title={open > 0 ? t('alerts.open', { count: open }) : t('alerts.title')}
        onClick={() => setShown(true)}
        data-testid="alerts-button"
        data-open={open}
      >
        {t('alerts.title')}
        {open > 0 && <span className="alert-count number">{open}</span>}
      </button>
      <Drawer
        title={t('alerts.title')}
        extra={open > 0 ? <span className="quiet">{t('alerts.open', { count: open })}</span> : null}
        open={shown}
        onClose={() => setShown(false)}
        size={440}
        destroyOnHidden
        data-testid="alerts-panel"
      >
        {alerts.isError ? (
          <FailureNotice
            title={t('alerts.failed')}
            thrown={alerts.error}
            onRetry={() => void alerts.refetch()}
          />
        ) : !alerts.data?.length ? (
          <div className="fill-message">{alerts.isPending ? t('app.loading') : t('alerts.none')}</div>
        ) : (
          <ul className="alert-list">
            {inOrderOfConcern(alerts.data).map((alert) => (
              <AlertItem
                key={alert.id}
                alert={alert}
                action={
                  <Button
                    type="link"
                    size="small"
                    onClick={() => {
                      setShown(false)
                      onOpenStudy(alert.studyInstanceUid)
                    }}
                  >
                    {t('alerts.openStudy')}
                  </Button>
                }
              />
            ))}
          </ul>
        )}
      </Drawer>
    </>
  )
}
