import { Button, Input, Popconfirm, Segmented } from 'antd'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Failure, failureOf } from '../../shared/errors/index.ts'
import { Amendment, type DraftAmendment } from '../../shared/report/index.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'

interface AmendmentBarProps {
  amendment: DraftAmendment
  /** Which version it will be. */
  version: number
  /** It was to be signed without a reason. */
  lacks: boolean
  onAmendment: (amendment: DraftAmendment) => void
  onGiveUp: () => Promise<void>
}

/** Above the text of an addendum or a correction: which it is, why, and the way to give it up. */
export function AmendmentBar({ amendment, version, lacks, onAmendment, onGiveUp }: AmendmentBarProps) {
  const { t } = useTranslation()
  const sentence = useFailureSentence()
  const id = useId()
  const reason = useRef<HTMLDivElement>(null)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const missing = lacks && !Amendment.safeParse(amendment).success
  useEffect(() => {
    if (lacks) reason.current?.querySelector('input')?.focus()
  }, [lacks])
  const giveUp = async () => {
    setBusy(true)
    setFailure(null)
    try {
      await onGiveUp()
    } catch (thrown) {
      setFailure(failureOf(thrown))
      setBusy(false)
    }
  }
  return (
    <section className="amendment" aria-labelledby={id} data-testid="amendment-bar">
      <div className="amendment-line">
        <strong id={id}>
          {t('report.amendTitle', { kind: t(`report.amend.${amendment.kind}`), version })}
        </strong>
        <span className="space" />
        <Segmented
          size="small"
          value={amendment.kind}
          onChange={(kind) => onAmendment({ ...amendment, kind })}
          options={(['addendum', 'correction'] as const).map((kind) => ({
            value: kind,
            label: t(`report.amending.${kind}`),
          }))}
          aria-label={t('report.amendKind')}
          disabled={busy}
          data-testid="amendment-kind"
        />
        <Popconfirm
          title={t('report.amendGiveUpAsk', { version: version - 1 })}
          okText={t('report.amendGiveUp')}
          okButtonProps={{ danger: true }}
          onConfirm={() => void giveUp()}
          placement="bottomRight"
          disabled={busy}
        >
          <Button size="small" loading={busy} data-testid="amendment-give-up">
            {t('report.amendGiveUp')}
          </Button>
        </Popconfirm>
      </div>
      <div ref={reason}>
        <Input
          value={amendment.reason}
          onChange={(event) => onAmendment({ ...amendment, reason: event.target.value })}
          maxLength={200}
          prefix={<span className="quiet">{t('report.amendReason')}</span>}
          placeholder={t('report.amendReasonHint')}
          status={missing ? 'error' : ''}
          aria-label={t('report.amendReason')}
          disabled={busy}
          data-testid="amendment-reason"
        />
      </div>
      {missing && (
        <p className="decision-lack" role="alert">
          {t('report.amendReasonMissing')}
        </p>
      )}
      {failure && (
        <p className="decision-lack" role="alert" data-testid="give-up-failed">
          {t('report.amendGiveUpFailed')}
          {sentence(failure)}
        </p>
      )}
    </section>
  )
}
