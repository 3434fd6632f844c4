import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AlertDetail } from '../../shared/alert/index.ts'
import { RestrictedNotice } from '../access/restricted-notice.tsx'
import { RevealEye } from '../access/reveal-eye.tsx'
import { useSession } from '../app/session.ts'
import { useClock } from '../bridge/index.ts'
import { sentenceTime } from '../i18n/index.ts'
import { personName } from '../patient/patient-facts.ts'
import { type AlertAction, actionsOf, type Barred as BarredReason } from './actions.ts'
import { AlertFacts } from './alert-facts.tsx'
import { Urgency } from './alert-item.tsx'
import { useAlertDetail, useListedAlert } from './alerts-query.ts'
import { Countdown } from './countdown.tsx'
import { Deliveries } from './deliveries.tsx'
import { recipientText } from './event-words.ts'
import { AlertForm } from './forms/alert-form.tsx'
import { highlighted } from './highlight.ts'
import { LevelTag } from './level-tag.tsx'
import { ProgressLine } from './progress-line.tsx'
import { Timeline } from './timeline.tsx'

interface AlertDetailPaneProps {
  id: string
  form: AlertAction | null
  onForm: (form: AlertAction | null) => void
  onOpenStudy: (study: string) => void
}

/** One alert: how it stands, what it says, all that happened to it, and what can be done about it. */
export function AlertDetailPane({ id, form, onForm, onOpenStudy }: AlertDetailPaneProps) {
  const { t } = useTranslation()
  const detail = useAlertDetail(id)
  const listed = useListedAlert(id)
  if (detail.isError && !detail.data) {
    return (
      <RestrictedNotice
        title={t('alerts.detailFailed')}
        thrown={detail.error}
        study={listed?.studyInstanceUid ?? ''}
        accessionNumber={listed?.accessionNumber ?? ''}
        onRetry={() => void detail.refetch()}
      />
    )
  }
  if (!detail.data) {
    return (
      <div className="fill-message" role="status">
        {t('app.loading')}
      </div>
    )
  }
  return <Detail detail={detail.data} form={form} onForm={onForm} onOpenStudy={onOpenStudy} />
}

function Detail(props: Omit<AlertDetailPaneProps, 'id'> & { detail: AlertDetail }) {
  const { t } = useTranslation()
  const { detail, form, onForm } = props
  const { alert, events, deliveries } = detail
  return (
    <article className="alert-detail" data-testid="alert-detail" data-alert={alert.id}>
      <header className="alert-detail-head">
        <div className="alert-line">
          <LevelTag level={alert.level} />
          <h2 className="cut" title={alert.typeName}>
            {alert.typeName}
          </h2>
          <strong className="cut patient">{personName(alert.patientName)}</strong>
          {alert.veiled && <RevealEye exam={alert} />}
          <span className="space" />
          <Countdown state={alert.state} />
        </div>
        <ProgressLine state={alert.state} events={events} />
        <Hops events={events} />
        <Urgency alert={alert} />
        <Actions {...props} />
      </header>
      <div className="alert-detail-scroll">
        {form && <Form detail={detail} form={form} onForm={onForm} />}
        <section>
          <h3>{t('alerts.section.content')}</h3>
          <p className="alert-text" data-testid="alert-content">
            {alert.content || t('labels.veiled.content')}
          </p>
        </section>
        {detail.excerpt !== '' && (
          <section>
            <h3>{t('alerts.section.excerpt')}</h3>
            <p className="alert-text" data-testid="alert-excerpt">
              {highlighted(detail.excerpt, alert.keyword).map((piece, index) =>
                // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text have no other name
                piece.marked ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
              )}
            </p>
          </section>
        )}
        <AlertFacts detail={detail} />
        <section>
          <h3>{t('alerts.section.timeline')}</h3>
          <Timeline events={events} />
        </section>
        <section>
          <h3>{t('alerts.section.deliveries')}</h3>
          <Deliveries deliveries={deliveries} />
        </section>
      </div>
    </article>
  )
}

/** To whom it was escalated, and when. */
function Hops({ events }: Pick<AlertDetail, 'events'>) {
  const { t } = useTranslation()
  const now = useClock()()
  const hops = events.flatMap(({ id, recordedAt, event }) =>
    event.kind === 'escalated' ? [{ id, at: recordedAt, to: event.to }] : [],
  )
  if (hops.length === 0) return null
  return (
    <ul className="alert-hops" data-testid="alert-hops">
      {hops.map(({ id, at, to }) => (
        <li key={id}>
          {t('alerts.escalatedTo', { to: recipientText(t, to) })}
          <span className="number">{sentenceTime(at, now)}</span>
        </li>
      ))}
    </ul>
  )
}

function Actions({ detail: { alert }, form, onForm, onOpenStudy }: Parameters<typeof Detail>[0]) {
  const { t } = useTranslation()
  const session = useSession()
  const offered = actionsOf(alert, session)
  const reads = session.permissions.includes('study.read') && session.permissions.includes('report.read')
  return (
    <div className="alert-actions">
      {offered.map(({ action, barred }) => (
        <Button
          key={action}
          type={form === action ? 'primary' : 'default'}
          disabled={barred !== null}
          onClick={() => onForm(form === action ? null : action)}
          aria-expanded={form === action}
          data-testid={`alert-${action}`}
          data-barred={barred ?? undefined}
        >
          {t(`alerts.action.${action}`)}
        </Button>
      ))}
      <Barred reasons={offered.flatMap(({ barred }) => barred ?? [])} />
      <span className="space" />
      {reads && (
        <Button onClick={() => onOpenStudy(alert.studyInstanceUid)} data-testid="alert-open-study">
          {t('alerts.openStudy')}
        </Button>
      )}
    </div>
  )
}

/** Why an action cannot be taken, said and not only shown on pointing; each reason once. */
function Barred({ reasons }: { reasons: readonly BarredReason[] }) {
  const { t } = useTranslation()
  return [...new Set(reasons)].map((reason) => (
    <span key={reason} className="quiet" data-testid="alert-barred">
      {t(`alerts.barred.${reason}`)}
    </span>
  ))
}

/** A form that no longer has its action (somebody else was quicker) goes and says so; done, it says that and is gone. */
function Form({ detail, form, onForm }: Omit<Parameters<typeof Detail>[0], 'onOpenStudy'>) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const queries = useQueryClient()
  const session = useSession()
  const offered = actionsOf(detail.alert, session).find(({ action }) => action === form)
  if (!form) return null
  if (!offered || offered.barred) {
    return (
      <p className="alert-urgent" role="status" data-testid="alert-form-gone">
        {t('alerts.formGone', { action: t(`alerts.action.${form}`) })}
      </p>
    )
  }
  return (
    <AlertForm
      key={form}
      action={form}
      detail={detail}
      onCancel={() => onForm(null)}
      onDone={() => {
        onForm(null)
        void message.success(t(`alerts.done.${form}`))
        void queries.invalidateQueries({ queryKey: ['alerts'] })
        void queries.invalidateQueries({ queryKey: ['worklist'] })
      }}
    />
  )
}
