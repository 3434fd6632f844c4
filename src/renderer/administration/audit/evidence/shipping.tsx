import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AuditShippingState } from '../../../../shared/api/audit.ts'
import { FailureNotice } from '../../../app/failure-notice.tsx'
import { unwrap, useBridge } from '../../../bridge/index.ts'
import { dateTime, type Translate } from '../../../i18n/index.ts'
import { administrationKey } from '../../frame/listing.ts'
import { useNow } from '../../frame/use-now.ts'
import { FactList } from './fact-list.tsx'

/** Whether the records get to the hospital's log server, and how far behind it is. */
export function Shipping() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const query = useQuery({
    queryKey: [administrationKey, 'audit-shipping'],
    queryFn: () => unwrap(bridge.auditShipping()),
    refetchInterval: 10_000,
  })
  return (
    <section className="audit-panel" aria-labelledby="audit-shipping" data-testid="audit-shipping">
      <header className="audit-panel-head">
        <h2 id="audit-shipping">{t('auditor.shipping.title')}</h2>
      </header>
      {query.data ? (
        <State state={query.data} />
      ) : query.isError ? (
        <FailureNotice
          title={t('administration.failed')}
          thrown={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <p className="quiet">{t('app.loading')}</p>
      )}
    </section>
  )
}

function State({ state }: { state: AuditShippingState }) {
  const { t } = useTranslation()
  const now = useNow(10_000)
  const verdict = verdictOf(state)
  const weight = { none: 'state-bad', stalled: 'state-bad', behind: 'state-warn', current: 'state-ok' }[
    verdict
  ]
  return (
    <>
      <p
        className={`audit-verdict ${weight}`}
        role="status"
        data-testid="shipping-verdict"
        data-verdict={verdict}
      >
        {t(`auditor.shipping.verdict.${verdict}`, {
          count: state.waiting,
          time: timeText(t, state.stalledSince),
        })}
      </p>
      <FactList
        facts={[
          [t('auditor.shipping.receiver'), state.receiver ?? t('auditor.shipping.noReceiver')],
          ...(verdict === 'none' ? [] : progressFacts(t, state, now)),
        ]}
      />
    </>
  )
}

function progressFacts(t: Translate, state: AuditShippingState, now: number): [string, string][] {
  return [
    [t('auditor.shipping.shippedSeq'), String(state.shippedSeq)],
    [t('auditor.shipping.lastShippedAt'), timeText(t, state.lastShippedAt)],
    [t('auditor.shipping.waiting'), String(state.waiting)],
    [
      t('auditor.shipping.lag'),
      state.oldestWaitingAt === null ? t('administration.none') : spanText(t, now - state.oldestWaitingAt),
    ],
    [
      t('auditor.shipping.stalledSince'),
      state.stalledSince === null ? t('administration.no') : dateTime(state.stalledSince),
    ],
    [
      t('auditor.shipping.lastError'),
      state.lastError === null ? t('administration.none') : errorText(t, state.lastError),
    ],
  ]
}

const timeText = (t: Translate, at: number | null) => (at === null ? t('interfaces.never') : dateTime(at))

export function verdictOf(state: AuditShippingState): 'none' | 'stalled' | 'behind' | 'current' {
  if (state.receiver === null) return 'none'
  if (state.stalledSince !== null) return 'stalled'
  return state.waiting > 0 ? 'behind' : 'current'
}

type Look = (key: string, options: { defaultValue: string }) => string

/** A code that has no word is shown as it is. */
function errorText(t: Translate, code: string): string {
  return (t as unknown as Look)(`auditor.shipping.error.${code}`, { defaultValue: code })
}

function spanText(t: Translate, ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  if (minutes < 1) return t('auditor.span.seconds', { s: seconds })
  if (minutes < 60) return t('auditor.span.minutes', { m: minutes })
  return t('auditor.span.hours', { h: Math.floor(minutes / 60), m: minutes % 60 })
}
