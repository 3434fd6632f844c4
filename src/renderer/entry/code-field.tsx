import { useTranslation } from 'react-i18next'
import { codeDigits } from './code-digits.ts'

interface CodeFieldProps {
  id: string
  disabled?: boolean
  invalid?: boolean
  autoFocus?: boolean
  hint?: string
  /** The sixth digit is there: what comes next. */
  onFull?: () => void
}

/** The six digits that an authenticator shows (RFC 6238). Uncontrolled like every secret; pasted spaces and full-width digits are put right. */
export function CodeField({ id, disabled, invalid, autoFocus, hint, onFull }: CodeFieldProps) {
  const { t } = useTranslation()
  const tidy = (field: HTMLInputElement) => {
    const digits = codeDigits(field.value)
    if (digits !== field.value) field.value = digits
    if (digits.length === 6) onFull?.()
  }
  return (
    <div className="field">
      <label htmlFor={id}>{t('entry.code')}</label>
      <input
        id={id}
        name="code"
        data-secret
        inputMode="numeric"
        className="field-input field-code"
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        aria-invalid={invalid}
        aria-describedby={`${id}-hint`}
        onInput={(event) => {
          if (!(event.nativeEvent as InputEvent).isComposing) tidy(event.currentTarget)
        }}
        onCompositionEnd={(event) => tidy(event.currentTarget)}
        // biome-ignore lint/a11y/noAutofocus: it is what the form is for
        autoFocus={autoFocus}
        data-testid="code"
      />
      <span className="field-hint" id={`${id}-hint`}>
        {hint ?? t('entry.codeHint')}
      </span>
    </div>
  )
}
