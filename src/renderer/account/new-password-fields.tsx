import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PasswordOwner } from '../../shared/credentials/index.ts'
import { SecretField } from '../entry/secret-field.tsx'
import { metHints, type NewPasswordRules, type PasswordHint, passwordHints } from './password-hints.ts'
import './account.css'

interface NewPasswordFieldsProps {
  rules: NewPasswordRules
  owner: PasswordOwner
  disabled: boolean
  invalid: boolean
}

/** The new password twice (`newPassword`, `newPasswordAgain`), with the rules beside it that turn good as it is typed. */
export function NewPasswordFields({ rules, owner, disabled, invalid }: NewPasswordFieldsProps) {
  const { t } = useTranslation()
  /** Which rules are met, never the password; null while the field is empty. */
  const [met, setMet] = useState<readonly PasswordHint[] | null>(null)
  const facts = { minLength: rules.minLength, minClasses: rules.minClasses }
  // The form empties its fields when it is sent.
  if (disabled && met !== null) setMet(null)
  return (
    <>
      <SecretField
        id="new-password"
        name="newPassword"
        testId="new-password"
        label={t('account.newPassword')}
        maxLength={256}
        disabled={disabled}
        invalid={invalid}
        onInput={(value) => setMet(value === '' ? null : metHints(value, rules, owner))}
        hint={
          <span className="password-hints" data-testid="password-hints">
            {passwordHints.map((hint) => (
              <span key={hint} data-hint={hint} data-met={met?.includes(hint)}>
                {t(`account.hints.${hint}`, facts)}
              </span>
            ))}
            {rules.history !== null && <span>{t('account.hints.reused', { history: rules.history })}</span>}
          </span>
        }
      />
      <SecretField
        id="new-password-again"
        name="newPasswordAgain"
        testId="new-password-again"
        label={t('account.newPasswordAgain')}
        maxLength={256}
        disabled={disabled}
      />
    </>
  )
}
