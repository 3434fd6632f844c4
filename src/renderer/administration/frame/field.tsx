import { type InputHTMLAttributes, useId, useState } from 'react'

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  /** What is wrong with the value; told once the field has been left, or at once where something was there before. */
  mistake?: string | undefined
  testId: string
}

/** A line of text with its name, a hint and what is wrong with it. */
export function TextField({ label, value, onChange, hint, mistake, testId, ...input }: TextFieldProps) {
  const id = useId()
  const [left, setLeft] = useState(value !== '')
  const told = mistake !== undefined && left ? mistake : undefined
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="field-input"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onBlur={() => setLeft(value !== '')}
        aria-invalid={told !== undefined}
        aria-describedby={`${id}-note`}
        autoComplete="off"
        spellCheck={false}
        data-testid={testId}
        {...input}
      />
      <span
        id={`${id}-note`}
        className={told === undefined ? 'field-hint' : 'field-mistake'}
        role={told === undefined ? undefined : 'alert'}
      >
        {told ?? hint}
      </span>
    </div>
  )
}
