import { Button } from 'antd'
import { type FormEvent, type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { DataAttributes } from '../../app/data-attributes.ts'
import { AttemptMessage } from '../../entry/attempt-message.tsx'
import type { Attempt } from '../../entry/use-attempt.ts'

interface FormFrameProps {
  attempt: Attempt
  title: string
  hint?: string
  submit: string
  testId: string
  danger?: boolean
  /** Where the form has no field to begin in. */
  focusSubmit?: boolean
  onSubmit: () => void
  onCancel: () => void
  children?: ReactNode
}

/** A form in an alert's detail: title, fields, what was wrong, and the two ways on. */
export function FormFrame({ attempt, children, ...props }: FormFrameProps) {
  const { t } = useTranslation()
  const titleId = useId()
  return (
    <form
      ref={attempt.form}
      className="alert-form"
      aria-labelledby={titleId}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (!attempt.busy) props.onSubmit()
      }}
      data-testid={props.testId}
    >
      <h3 id={titleId}>{props.title}</h3>
      {props.hint && <p className="quiet">{props.hint}</p>}
      {children}
      <AttemptMessage attempt={attempt} />
      <div className="alert-form-actions">
        <Button onClick={props.onCancel} disabled={attempt.busy}>
          {t('app.cancel')}
        </Button>
        <Button
          type="primary"
          htmlType="submit"
          danger={props.danger ?? false}
          loading={attempt.busy}
          autoFocus={props.focusSubmit ?? false}
          {...({ 'data-testid': `${props.testId}-submit` } as DataAttributes)}
        >
          {props.submit}
        </Button>
      </div>
    </form>
  )
}
