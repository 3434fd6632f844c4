import { useTranslation } from 'react-i18next'
import { isUnanswered, useAlertList } from './alerts-query.ts'
import { useQuiet } from './attention/quiet.ts'
import { useAlertsPanel } from './panel.ts'

/** The header's count of alerts that no clinician has acknowledged yet, and the way to the panel. */
export function AlertsButton() {
  const { t } = useTranslation()
  const panel = useAlertsPanel()
  const { quiet } = useQuiet()
  const { data } = useAlertList({ show: 'open' })
  const open = data?.alerts.filter(isUnanswered).length ?? 0
  const damaged = (data?.damaged.length ?? 0) > 0
  return (
    <button
      type="button"
      className="header-button"
      title={open > 0 ? `${t('alerts.open', { count: open })}　F8` : t('alerts.buttonHint')}
      onClick={() => panel.show({})}
      data-testid="alerts-button"
      data-open={open}
    >
      {t('alerts.title')}
      {open > 0 && <span className="alert-count number">{open}</span>}
      {damaged && <span className="alert-count">!</span>}
      {quiet && <span className="alert-quiet">{t('alerts.attention.quiet')}</span>}
    </button>
  )
}
