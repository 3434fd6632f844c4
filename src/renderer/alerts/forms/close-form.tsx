import { useTranslation } from 'react-i18next'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { useAttempt } from '../../entry/use-attempt.ts'
import type { AlertFormProps } from './alert-form.tsx'
import { FormFrame } from './form-frame.tsx'

/** 确认闭环: one of our people confirms that the loop is closed. */
export function CloseForm({ detail: { alert }, onCancel, onDone }: AlertFormProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const attempt = useAttempt()
  return (
    <FormFrame
      attempt={attempt}
      title={t('alerts.closeForm.title')}
      hint={t('alerts.closeForm.hint')}
      submit={t('alerts.closeForm.submit')}
      testId="alert-close-form"
      focusSubmit
      onSubmit={() =>
        void attempt.run(() => unwrap(bridge.alertClose({ alert: alert.id })), { done: onDone })
      }
      onCancel={onCancel}
    />
  )
}
