import { type FormEvent, type ReactNode, useId } from 'react'
import { AttemptMessage } from '../../entry/attempt-message.tsx'
import { FormActions } from '../../entry/form-actions.tsx'
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
      <FormActions
        className="alert-form-actions"
        submit={props.submit}
        busy={attempt.busy}
        danger={props.danger ?? false}
        autoFocus={props.focusSubmit ?? false}
        testId={`${props.testId}-submit`}
        onCancel={props.onCancel}
      />
    </form>
  )
}
