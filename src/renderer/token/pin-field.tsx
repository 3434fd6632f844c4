import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'

interface PinFieldProps {
  id: string
  ref: Ref<HTMLInputElement>
  disabled?: boolean
  invalid?: boolean
  autoFocus?: boolean
  /** ↑ or ↓ in the field: the keys above can be chosen without leaving it. */
  onStep?: (by: 1 | -1) => void
}

/**
 * The PIN's field. Uncontrolled, so that the PIN is in the element alone and never in React's state;
 * whoever reads it empties it.
 */
export function PinField({ id, ref, disabled, invalid, autoFocus, onStep }: PinFieldProps) {
  const { t } = useTranslation()
  return (
    <div className="field">
      <label htmlFor={id}>{t('token.pin')}</label>
      <input
        id={id}
        ref={ref}
        type="password"
        className="field-input"
        maxLength={64}
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        aria-invalid={invalid}
        onKeyDown={(event) => {
          if (!onStep || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
          event.preventDefault()
          onStep(event.key === 'ArrowDown' ? 1 : -1)
        }}
        // biome-ignore lint/a11y/noAutofocus: the PIN is what the screen is for
        autoFocus={autoFocus}
        data-testid="pin"
      />
    </div>
  )
}
