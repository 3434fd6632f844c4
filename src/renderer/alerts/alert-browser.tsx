import { Segmented } from 'antd'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { decide } from '../../shared/access/index.ts'
import type { Alert } from '../../shared/alert/index.ts'
import { FailureNotice } from '../app/failure-notice.tsx'
import { useSession } from '../app/session.ts'
import { AlertDetailPane } from './alert-detail.tsx'
import { AlertList } from './alert-list.tsx'
import { byUrgency, listLimit, type Show, useAlertList } from './alerts-query.ts'
import { DamagedNotice } from './damaged-notice.tsx'
import { NowProvider } from './now.tsx'
import { type PanelView, useAlertsPanel } from './panel.ts'

interface AlertBrowserProps {
  view: PanelView
  list: RefObject<HTMLDivElement | null>
  onOpenStudy: (study: string) => void
}

/** The list by filter on the left, one alert on the right. */
export function AlertBrowser({ view, list, onOpenStudy }: AlertBrowserProps) {
  const { t } = useTranslation()
  const panel = useAlertsPanel()
  const alerts = useAlertList({ show: view.show })
  const toCheck = useAlertList({ show: 'check' }).data?.alerts.filter(({ own }) => !own).length ?? 0
  // By role: without the key nobody checks, but what one has raised and what waits is theirs to see.
  const checks = decide({ roles: useSession().roles }, 'alert.check')
  const shows: Show[] = checks ? ['open', 'check', 'own', 'all'] : ['open', 'all']
  const rows = rowsOf(view.show, alerts.data?.alerts ?? [], alerts.dataUpdatedAt)
  return (
    <NowProvider>
      <div className="alerts">
        <div className="alerts-left">
          <Segmented
            block
            value={view.show}
            onChange={(show) => panel.show({ show })}
            options={shows.map((show) => ({
              value: show,
              label: (
                <span data-testid={`alerts-show-${show}`}>
                  {t(`alerts.show.${show}`)}
                  {show === 'check' && toCheck > 0 && <span className="alert-count number">{toCheck}</span>}
                </span>
              ),
            }))}
          />
          <DamagedNotice ids={alerts.data?.damaged ?? []} />
          {alerts.isError ? (
            <FailureNotice
              title={t('alerts.failed')}
              thrown={alerts.error}
              onRetry={() => void alerts.refetch()}
            />
          ) : alerts.isPending ? (
            <div className="fill-message" role="status">
              {t('app.loading')}
            </div>
          ) : (
            <AlertList
              ref={list}
              alerts={rows}
              selected={view.alert}
              onSelect={(alert) => panel.show({ alert })}
              empty={t(`alerts.nothingHere.${view.show}`)}
            />
          )}
          <p className="alerts-foot">
            <span>{t('alerts.keys')}</span>
            {rows.length >= listLimit[view.show] && (
              <span>{t('alerts.showOnly', { count: listLimit[view.show] })}</span>
            )}
          </p>
        </div>
        <div className="alerts-right">
          {view.alert === null ? (
            <div className="fill-message">{t('alerts.choose')}</div>
          ) : (
            <AlertDetailPane
              key={view.alert}
              id={view.alert}
              form={view.form}
              onForm={(form) => panel.show({ form })}
              onOpenStudy={onOpenStudy}
            />
          )}
        </div>
      </div>
    </NowProvider>
  )
}

/** One's own alert waits for somebody else's check. The order of concern holds until the list is read again: rows do not move under the reader. */
function rowsOf(show: Show, alerts: readonly Alert[], readAt: number): Alert[] {
  if (show === 'check') return byUrgency(alerts, readAt).filter(({ own }) => !own)
  return show === 'open' ? byUrgency(alerts, readAt) : [...alerts]
}
