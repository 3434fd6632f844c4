import { Button, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFocusReturn } from '../../app/focus-return.ts'
import { sentenceTime } from '../../i18n/index.ts'
import { copyText } from './copy-text.ts'
import { useNow } from './use-now.ts'
import './dialog.css'

interface OneTimeDialogProps {
  title: string
  whom?: string
  text: string
  onClose: () => void
  children: ReactNode
}

/** Something that is shown this once: only its own button closes it. */
export function OneTimeDialog(props: OneTimeDialogProps) {
  const { t } = useTranslation()
  useFocusReturn()
  return (
    <Modal
      open
      title={props.title}
      width={520}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={null}
      destroyOnHidden
      centered
      data-testid="one-time-dialog"
    >
      <div className="dialog">
        {props.whom !== undefined && <p className="dialog-whom">{props.whom}</p>}
        <p className="dialog-text">{props.text}</p>
        {props.children}
        <div className="dialog-actions">
          <Button type="primary" onClick={props.onClose} data-testid="one-time-close">
            {t('administration.oneTime.close')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}

/** The code itself: large, to copy, and with the time that is left. */
export function OneTimeValue(props: { value: string; shown?: string; long?: boolean; expiresAt?: number }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState<boolean | null>(null)
  return (
    <div className="one-time">
      <code
        className={`mono one-time-value ${props.long ? 'one-time-long' : ''}`}
        data-testid="one-time-value"
      >
        {props.shown ?? props.value}
      </code>
      <div className="one-time-foot">
        {props.expiresAt === undefined ? <span /> : <TimeLeft until={props.expiresAt} />}
        <Button onClick={() => setCopied(copyText(props.value))} data-testid="one-time-copy">
          {copied === null
            ? t('administration.oneTime.copy')
            : t(copied ? 'administration.oneTime.copied' : 'administration.oneTime.notCopied')}
        </Button>
      </div>
    </div>
  )
}

/** Good until 10:32 (59 min 12 s left). */
function TimeLeft({ until }: { until: number }) {
  const { t } = useTranslation()
  const now = useNow(1000)
  const seconds = Math.max(0, Math.ceil((until - now) / 1000))
  if (seconds === 0) return <span className="state-bad">{t('administration.oneTime.over')}</span>
  const left =
    seconds >= 3600
      ? t('administration.oneTime.hours', {
          h: Math.floor(seconds / 3600),
          m: Math.floor((seconds % 3600) / 60),
        })
      : t('administration.oneTime.minutes', { m: Math.floor(seconds / 60), s: seconds % 60 })
  return (
    <span className="number" data-testid="one-time-left">
      {t('administration.oneTime.until', { time: sentenceTime(until, now), left })}
    </span>
  )
}
