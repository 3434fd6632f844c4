import { Button } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../shared/alert/index.ts'
import type { SignedReport } from '../../shared/report/index.ts'
import { AlertItem } from '../alerts/alert-item.tsx'
import { inOrderOfConcern, isUnanswered, useAlerts } from '../alerts/alerts-query.ts'
import { NowProvider } from '../alerts/now.tsx'
import { FailureNotice } from '../app/failure-notice.tsx'
import { clockTime, dateTime } from '../i18n/index.ts'
import { useAction, useKeyHint } from '../keys/keys-provider.tsx'
import { personName } from '../patient/patient-facts.ts'
import { useNextCase } from '../worklist/next-case.tsx'

interface SignedSummaryProps {
  report: SignedReport
  /** The alerts that went with the report, as they were then. */
  alerts: readonly Alert[]
  onClose: () => void
}

/** After the signature: that it is done, the alerts of this study and how far each has come, live, and the way to the next exam. */
export function SignedSummary({ report, alerts, onClose }: SignedSummaryProps) {
  const { t } = useTranslation()
  const { document, signedAt } = report
  const list = useAlerts(document.studyInstanceUid)
  const next = useNextCase()
  const root = useRef<HTMLDivElement>(null)
  // What is pressed in another dialog, as the alerts over this one, is not meant.
  const go = (event: KeyboardEvent) => {
    const dialog = event.target instanceof Element ? event.target.closest('[role=dialog]') : null
    if (dialog && !dialog.contains(root.current)) return false
    next?.open()
  }
  useAction('signOff.next', go, next?.row != null)
  const key = useKeyHint('signOff.next')
  const shown = inOrderOfConcern(list.data ?? alerts)
  const open = shown.filter(isUnanswered).length
  const waiting = shown.filter(({ state }) => state.status === 'awaiting-check')
  const until = Math.max(...waiting.map(({ state }) => state.due?.at ?? 0))
  const withdrawn = document.standing.filter(({ action }) => action === 'withdraw').length
  return (
    <div ref={root} className="sign-off" data-testid="signed-summary">
      <p className="signed-banner" role="status">
        <span className="signed-tick" aria-hidden="true">
          ✓
        </span>
        <strong>{t('signOff.doneBy', { name: document.author.name, version: document.version })}</strong>
        <span className="number">{dateTime(signedAt)}</span>
      </p>
      <div className="sign-off-scroll">
        {withdrawn > 0 && <p role="status">{t('signOff.doneWithdrawn', { count: withdrawn })}</p>}
        {waiting.length > 0 && (
          <p className="sign-off-check" role="status" data-testid="signed-waiting">
            {t('signOff.doneWaiting', { count: waiting.length, time: clockTime(until) })}
          </p>
        )}
        {shown.length === 0 ? (
          <p className="sign-off-none">{t('signOff.doneNoAlerts')}</p>
        ) : (
          <>
            <h3 className="sign-off-heading">
              {t('signOff.doneAlerts')}
              {list.data && (
                <span className={open > 0 ? 'signed-open' : 'signed-arrived'} role="status">
                  {open > 0 ? t('alerts.open', { count: open }) : t('signOff.doneArrived')}
                </span>
              )}
            </h3>
            {list.isError ? (
              <FailureNotice
                title={t('alerts.failed')}
                thrown={list.error}
                onRetry={() => void list.refetch()}
              />
            ) : (
              <ul className="alert-list">
                <NowProvider>
                  {shown.map((alert) => (
                    <AlertItem key={alert.id} alert={alert} />
                  ))}
                </NowProvider>
              </ul>
            )}
          </>
        )}
      </div>
      <div className="sign-off-actions">
        <span className="sign-off-keys">
          {shown.length > 0 && t('signOff.doneHint')}
          <br />
          {next &&
            (next.row
              ? t('signOff.nextIs', { name: personName(next.row.patientName), item: next.row.itemName })
              : t('reading.nextNone'))}
        </span>
        <Button
          type={next?.row ? 'default' : 'primary'}
          onClick={onClose}
          autoFocus
          data-testid="signed-close"
        >
          {t('app.close')}
        </Button>
        {next?.row && (
          <Button
            type="primary"
            onClick={next.open}
            title={t('signOff.nextKeys', { key })}
            data-testid="signed-next"
          >
            {t('reading.next')}
            {key && `（${key}）`}
          </Button>
        )}
      </div>
    </div>
  )
}
