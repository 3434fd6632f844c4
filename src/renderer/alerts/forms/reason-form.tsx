import { Input } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { useAttempt } from '../../entry/use-attempt.ts'
import type { AlertFormProps } from './alert-form.tsx'
import { FormFrame } from './form-frame.tsx'

const shortest = 2
const longest = 200

/** 撤回 and 提出异议: a reason in words, kept with the alert. */
export function ReasonForm({
  asks,
  detail,
  onCancel,
  onDone,
}: AlertFormProps & { asks: 'withdraw' | 'object' }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const attempt = useAttempt()
  const id = useId()
  const [text, setText] = useState('')
  const alert = detail.alert.id
  const withdraws = asks === 'withdraw'

  const submit = () => {
    const reason = text.trim()
    if (reason.length < shortest) {
      document.getElementById(id)?.focus()
      return attempt.wrong(
        t(withdraws ? 'alerts.withdrawForm.reasonMissing' : 'alerts.objectForm.remarkMissing'),
      )
    }
    void attempt.run(
      () =>
        withdraws
          ? unwrap(bridge.alertWithdraw({ alert, reason }))
          : unwrap(bridge.alertObject({ alert, remark: reason })),
      { done: onDone },
    )
  }

  return (
    <FormFrame
      attempt={attempt}
      title={t(`alerts.${asks}Form.title`)}
      hint={t(`alerts.${asks}Form.hint`)}
      submit={t(`alerts.${asks}Form.submit`)}
      testId={`alert-${asks}-form`}
      danger={withdraws}
      onSubmit={submit}
      onCancel={onCancel}
    >
      <div className="field">
        <label htmlFor={id}>{t(withdraws ? 'alerts.withdrawForm.reason' : 'alerts.objectForm.remark')}</label>
        <Input.TextArea
          id={id}
          value={text}
          onChange={(event) => setText(event.target.value)}
          maxLength={longest}
          showCount
          rows={2}
          autoFocus
          disabled={attempt.busy}
          data-testid={`alert-${asks}-text`}
        />
      </div>
    </FormFrame>
  )
}
