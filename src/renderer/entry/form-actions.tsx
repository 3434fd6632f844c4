import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DataAttributes } from '../app/data-attributes.ts'

interface FormActionsProps {
  /** What is sent, by what it does. */
  submit: string
  busy: boolean
  /** Holds it back while what was entered cannot be right. */
  ready?: boolean
  danger?: boolean
  /** Where the form has no field to begin in. */
  autoFocus?: boolean
  className: string
  testId: string
  onCancel: () => void
}

/** The two ways out of a form. */
export function FormActions({ ready = true, danger = false, autoFocus = false, ...props }: FormActionsProps) {
  const { t } = useTranslation()
  return (
    <div className={props.className}>
      <Button onClick={props.onCancel} disabled={props.busy}>
        {t('app.cancel')}
      </Button>
      <Button
        type="primary"
        htmlType="submit"
        danger={danger}
        disabled={!ready}
        loading={props.busy}
        autoFocus={autoFocus}
        {...({ 'data-testid': props.testId } as DataAttributes)}
      >
        {props.submit}
      </Button>
    </div>
  )
}
