import { Button, Input, type InputRef, Popover } from 'antd'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Amendment, type DraftAmendment } from '../../shared/report/index.ts'

type Beginning = DraftAmendment['kind'] | 'forgotten'

/** 补报危急值, 补充报告 and 更正报告: each asks why before it begins. */
export function BeginAmendment({
  onBegin,
  onForgotten,
}: {
  onBegin: (amendment: Amendment) => void
  /** Null for a person who may write, but not sign. */
  onForgotten: ((amendment: Amendment) => void) | null
}) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<Beginning | null>(null)
  const kinds: Beginning[] = [...(onForgotten ? ['forgotten' as const] : []), 'addendum', 'correction']
  const begin = (kind: Beginning, amendment: Amendment) => {
    // The dialog takes its place, and may come back to here.
    setAsked(null)
    if (kind === 'forgotten') onForgotten?.(amendment)
    else onBegin(amendment)
  }
  return (
    <div className="amend-buttons">
      {kinds.map((kind) => (
        <Popover
          key={kind}
          trigger="click"
          placement="bottomRight"
          open={asked === kind}
          onOpenChange={(open) => setAsked(open ? kind : null)}
          destroyOnHidden
          content={<ReasonForm kind={kind} onBegin={(amendment) => begin(kind, amendment)} />}
        >
          <Button size="small" data-testid={`amend-${kind}`}>
            {t(`report.amend.${kind}`)}
          </Button>
        </Popover>
      ))}
    </div>
  )
}

function ReasonForm({ kind, onBegin }: { kind: Beginning; onBegin: (amendment: Amendment) => void }) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const field = useRef<InputRef>(null)
  const amendment = Amendment.safeParse({ kind: kind === 'forgotten' ? 'addendum' : kind, reason })
  const missing = tried && !amendment.success
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (amendment.success) onBegin(amendment.data)
    else field.current?.focus()
  }
  return (
    <form className="amend-reason" onSubmit={submit} data-testid="amend-form">
      <p className="quiet">{t(`report.amendHint.${kind}`)}</p>
      <Input
        ref={field}
        autoFocus
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        maxLength={200}
        placeholder={t(kind === 'forgotten' ? 'report.forgottenReasonHint' : 'report.amendReasonHint')}
        status={missing ? 'error' : ''}
        aria-label={t('report.amendReason')}
        data-testid="amend-reason"
      />
      {missing && (
        <p className="decision-lack" role="alert">
          {t('report.amendReasonMissing')}
        </p>
      )}
      <Button type="primary" htmlType="submit" data-testid="amend-begin">
        {t(kind === 'forgotten' ? 'report.forgottenBegin' : 'report.amendBegin')}
      </Button>
    </form>
  )
}
