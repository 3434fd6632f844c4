import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Mistake } from '../draft/mistakes.ts'
import { mistakeText } from './mistake-words.ts'
import { readNumber, readWords, sameWords, useTyped, writeNumber, writeWords } from './typed.ts'

interface FieldProps<T> {
  /** Shown above, or only told to a screen reader where the place says it already. */
  label: string
  bare?: boolean
  value: T
  onChange: (value: T) => void
  mistake?: Mistake | undefined
  /** Something else that is wrong with it. */
  complaint?: string | undefined
  disabled?: boolean
  placeholder?: string
  className?: string
  testId?: string
  maxLength?: number
}

/** What all fields of the dictionary share: name, mistake, and how they are joined. */
function Framed(props: Omit<FieldProps<never>, 'value' | 'onChange'> & { id: string; children: ReactNode }) {
  const { t } = useTranslation()
  const told = props.mistake ? mistakeText(t, props.mistake) : props.complaint
  return (
    <div className={`field dict-field ${props.className ?? ''}`}>
      {!props.bare && <label htmlFor={props.id}>{props.label}</label>}
      {props.children}
      {told !== undefined && (
        <span className="field-mistake" id={`${props.id}-note`} role="alert">
          {props.bare ? t('dictionary.mistakeOf', { field: props.label, told }) : told}
        </span>
      )}
    </div>
  )
}

function useAttributes(props: Omit<FieldProps<never>, 'value' | 'onChange'>) {
  const id = useId()
  const wrong = props.mistake !== undefined || props.complaint !== undefined
  return {
    id,
    className: 'field-input dict-input',
    'aria-invalid': wrong,
    'aria-describedby': wrong ? `${id}-note` : undefined,
    'aria-label': props.bare ? props.label : undefined,
    disabled: props.disabled ?? false,
    'data-testid': props.testId,
  } as const
}

export function TextField(props: FieldProps<string>) {
  const { value, onChange, ...frame } = props
  const attributes = useAttributes(frame)
  return (
    <Framed {...frame} id={attributes.id}>
      <input
        {...attributes}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        placeholder={props.placeholder}
        maxLength={props.maxLength}
        autoComplete="off"
        spellCheck={false}
      />
    </Framed>
  )
}

export function NumberField(props: FieldProps<number | undefined> & { unit?: string }) {
  const { value, onChange, unit, ...frame } = props
  const attributes = useAttributes(frame)
  const [text, setText] = useTyped(value, readNumber, writeNumber)
  return (
    <Framed {...frame} id={attributes.id}>
      <span className="dict-number">
        <input
          {...attributes}
          className="field-input dict-input number"
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            onChange(readNumber(event.target.value))
          }}
          placeholder={props.placeholder}
          inputMode="decimal"
          maxLength={11}
          autoComplete="off"
        />
        {unit}
      </span>
    </Framed>
  )
}

export function WordsField(props: FieldProps<readonly string[]> & { upperCase?: boolean }) {
  const { value, onChange, upperCase, ...frame } = props
  const attributes = useAttributes(frame)
  const [text, setText] = useTyped<readonly string[]>(value, readWords, writeWords, sameWords)
  return (
    <Framed {...frame} id={attributes.id}>
      <input
        {...attributes}
        value={text}
        title={text}
        onChange={(event) => {
          const typed = upperCase ? event.target.value.toUpperCase() : event.target.value
          setText(typed)
          onChange(readWords(typed))
        }}
        placeholder={props.placeholder}
        autoComplete="off"
        spellCheck={false}
      />
    </Framed>
  )
}

export type Choice<T extends string> = readonly [value: T, name: string]

export function ChoiceField<T extends string>(props: FieldProps<T> & { choices: readonly Choice<T>[] }) {
  const { value, onChange, choices, ...frame } = props
  const attributes = useAttributes(frame)
  return (
    <Framed {...frame} id={attributes.id}>
      <select
        {...attributes}
        value={value}
        onChange={(event) => onChange(event.target.value as T)}
        data-value={value}
      >
        {choices.map(([each, name]) => (
          <option key={each} value={each}>
            {name}
          </option>
        ))}
      </select>
    </Framed>
  )
}

export function CheckField(props: {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
  testId?: string
}) {
  return (
    <label className="dict-check">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={(event) => props.onChange(event.target.checked)}
        disabled={props.disabled}
        data-testid={props.testId}
      />
      {props.label}
    </label>
  )
}
