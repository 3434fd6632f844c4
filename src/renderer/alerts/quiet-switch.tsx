import { Switch, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { useQuiet } from './attention/quiet.ts'

/** 安静阅片: on and off, and what still rings. */
export function QuietSwitch() {
  const { t } = useTranslation()
  const { quiet, setQuiet } = useQuiet()
  return (
    <Tooltip title={t(quiet ? 'alerts.attention.quietOn' : 'alerts.attention.quietOff')}>
      <span className="quiet-switch">
        <span id="quiet-reading">{t('alerts.attention.quiet')}</span>
        <Switch
          size="small"
          checked={quiet}
          onChange={setQuiet}
          aria-labelledby="quiet-reading"
          data-testid="quiet-reading"
        />
      </span>
    </Tooltip>
  )
}
