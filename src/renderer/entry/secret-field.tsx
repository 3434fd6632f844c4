import type { KeyboardEvent, ReactNode, Ref } from 'react'

interface SecretFieldProps {
  id: string
  /** By which the form is read (`takeSecrets`). */
  name: string
  label: string
  maxLength: number
  disabled?: boolean
  invalid?: boolean
  autoFocus?: boolean
  hint?: ReactNode
  testId?: string
  ref?: Ref<HTMLInputElement> | undefined
  onKeyDown?: (event: KeyboardEvent) => void
  onInput?: (value: string) => void
}

/**
 * A masked field. Uncontrolled, so that what is typed is in the element alone and never in React's state; the form that
 * reads it empties it.
 */
export function SecretField(props: SecretFieldProps) {
  const { id, hint, onInput } = props
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        ref={props.ref}
        name={props.name}
        type="password"
        className="field-input"
        maxLength={props.maxLength}
        autoComplete="off"
        spellCheck={false}
        disabled={props.disabled}
        aria-invalid={props.invalid}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onKeyDown={props.onKeyDown}
        onInput={onInput && ((event) => onInput(event.currentTarget.value))}
        // biome-ignore lint/a11y/noAutofocus: it is what the screen is for
        autoFocus={props.autoFocus}
        data-testid={props.testId ?? props.name}
      />
      {hint && (
        <span className="field-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  )
}
