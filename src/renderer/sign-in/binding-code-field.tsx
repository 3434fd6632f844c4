import { useTranslation } from 'react-i18next'

/** The one-time code from the security officer. Kept while other fields are put right: it is long, and good for one key only. */
export function BindingCodeField({ disabled, invalid }: { disabled: boolean; invalid: boolean }) {
  const { t } = useTranslation()
  return (
    <div className="field">
      <label htmlFor="sign-in-binding-code">{t('signIn.bindingCode')}</label>
      <input
        id="sign-in-binding-code"
        name="bindingCode"
        className="field-input field-binding-code"
        maxLength={80}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        disabled={disabled}
        aria-invalid={invalid}
        aria-describedby="sign-in-binding-code-hint"
        data-testid="binding-code"
      />
      <span className="field-hint" id="sign-in-binding-code-hint">
        {t('signIn.bindingCodeHint')}
      </span>
    </div>
  )
}
