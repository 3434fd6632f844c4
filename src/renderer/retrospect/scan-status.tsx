import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Scan } from './use-scan.ts'

/** How far a search has come, what it found, and the way to stop it. */
export function ScanStatus({ scan }: { scan: Scan<unknown> }) {
  const { t } = useTranslation()
  if (!scan.asked) return null
  const share = scan.total === 0 ? 1 : scan.scanned / scan.total
  return (
    <span className="scan" role="status" data-testid="scan-status" data-running={scan.running}>
      {scan.running && (
        <progress className="scan-bar" value={share} max={1} aria-label={t('retrospect.scan.progress')} />
      )}
      <span className="quiet number">
        {t(scan.running ? 'retrospect.scan.running' : 'retrospect.scan.done', {
          found: scan.rows.length,
          scanned: scan.scanned,
          total: scan.total,
        })}
      </span>
      {scan.running && (
        <Button size="small" onClick={scan.stop} data-testid="scan-stop">
          {t('retrospect.scan.stop')}
        </Button>
      )}
      {scan.error && scan.rows.length > 0 && (
        <>
          <span className="state-bad" role="alert" data-testid="scan-broken">
            {t('retrospect.scan.broken')}
          </span>
          <Button size="small" onClick={scan.again}>
            {t('app.retry')}
          </Button>
        </>
      )}
      {scan.stopped && <span className="state-warn">{t('retrospect.scan.stopped')}</span>}
      {scan.full && (
        <span className="state-warn">{t('retrospect.scan.full', { most: scan.rows.length })}</span>
      )}
      {scan.damaged > 0 && (
        <span className="state-bad" role="alert">
          {t('retrospect.scan.damaged', { count: scan.damaged })}
        </span>
      )}
    </span>
  )
}
