import { Button } from 'antd'
import type { MouseEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { usePermission } from '../../app/session.ts'
import type { Translate } from '../../i18n/index.ts'
import { personName } from '../../patient/patient-facts.ts'
import { recipientText } from '../event-words.ts'
import { LevelTag } from '../level-tag.tsx'
import type { Notice } from './notices.ts'

interface NoticeLineProps {
  notice: Notice
  onOpen: () => void
  onSeen: () => void
  children?: ReactNode
}

/** Who clicks a notice away goes on writing where they were, and comes back there from the panel. */
export function keepFocus(event: MouseEvent) {
  event.preventDefault()
}

/** One alert to be noticed: what, whose, why, and the way on. */
export function NoticeLine({ notice, onOpen, onSeen, children }: NoticeLineProps) {
  const { t } = useTranslation()
  const manages = usePermission('alert.manage')
  const { alert, why } = notice
  const does =
    why === 'check-requested'
      ? 'check'
      : manages && (why === 'exhausted' || why === 'refused')
        ? 'call'
        : null
  return (
    <div
      className={`notice attention-line attention-${alert.level}`}
      data-testid="attention-notice"
      data-alert={alert.id}
      data-why={why}
    >
      <LevelTag level={alert.level} />
      <strong className="cut attention-type" title={alert.typeName}>
        {alert.typeName}
      </strong>
      <span className="cut patient" title={personName(alert.patientName)}>
        {personName(alert.patientName)}
      </span>
      <span className="number quiet">{alert.accessionNumber}</span>
      <span className="attention-why" data-testid="attention-why">
        {whyText(t, notice)}
      </span>
      <span className="space" />
      {children}
      <Button
        size="small"
        type={does ? 'primary' : 'default'}
        onMouseDown={keepFocus}
        onClick={onOpen}
        data-testid="attention-open"
      >
        {does ? t(`alerts.action.${does}`) : t('alerts.attention.view')}
      </Button>
      <Button size="small" type="text" onMouseDown={keepFocus} onClick={onSeen} data-testid="attention-seen">
        {t('alerts.attention.seen')}
      </Button>
    </div>
  )
}

/** 超时未接收，已升级至科主任 王某. */
export function whyText(t: Translate, { alert, why }: Pick<Notice, 'alert' | 'why'>): string {
  const awaited = alert.state.due?.awaited ?? 'receive'
  return t(`alerts.attention.why.${why}`, {
    unanswered: t(`alerts.unanswered.${awaited}`),
    to: recipientText(t, alert.recipient),
    name: alert.raisedBy,
  })
}

/** The whole notice in a sentence. */
export function noticeSentence(t: Translate, notice: Notice): string {
  const { alert } = notice
  return [
    t('alerts.title'),
    t(`levelLong.${alert.level}`),
    alert.typeName,
    personName(alert.patientName),
    whyText(t, notice),
  ].join(' ')
}
