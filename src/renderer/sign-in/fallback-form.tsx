import { Button } from 'antd'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LoginName } from '../../shared/account/index.ts'
import type { SignInRules } from '../../shared/api/index.ts'
import { NewPasswordFields } from '../account/new-password-fields.tsx'
import { knownRules, newPasswordMistake } from '../account/password-hints.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { AttemptMessage, useHeldOff } from '../entry/attempt-message.tsx'
import { CodeField } from '../entry/code-field.tsx'
import { EntryMessage } from '../entry/entry-message.tsx'
import { SecretField } from '../entry/secret-field.tsx'
import { readForm } from '../entry/secrets.ts'
import { useAttempt } from '../entry/use-attempt.ts'
import { type Asks, asksAfter, asksNothing, mayTakeOver, onlyAsks } from './asks.ts'

/** Password and authenticator in the place of a lost key, where the security officer has granted it. */
export function FallbackForm(props: { rules: SignInRules | null; onBusy: (busy: boolean) => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const attempt = useAttempt()
  const { busy, failure } = attempt
  const heldOff = useHeldOff(failure)
  const [asks, setAsks] = useState<Asks>(asksNothing)
  const [typedName, setTypedName] = useState('')
  const submitButton = useRef<HTMLButtonElement>(null)
  const passwordRules = knownRules(props.rules, failure)
  const person = { loginName: typedName, displayName: '', staffNumber: '' }

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy || heldOff) return
    const typed = readForm(
      event.currentTarget,
      'loginName',
      'password',
      'newPassword',
      'newPasswordAgain',
      'code',
    )
    const loginName = LoginName.safeParse(typed.loginName.normalize('NFKC'))
    const mistake = asks.newPassword ? newPasswordMistake(typed, passwordRules, person) : null
    if (!loginName.success) return attempt.wrong(t('signIn.loginNameMissing'))
    if (typed.password === '') return attempt.wrong(t('signIn.passwordMissing'))
    if (mistake) return attempt.wrong(t(`account.mistakes.${mistake}`))
    if (typed.code.length !== 6) return attempt.wrong(t('entry.codeMissing'))
    props.onBusy(true)
    void attempt
      .run(
        () =>
          unwrap(
            bridge.sessionSignInFallback({
              loginName: loginName.data,
              password: typed.password,
              ...(asks.newPassword ? { newPassword: typed.newPassword } : {}),
              code: typed.code,
              takeOver: asks.takeOver,
            }),
          ),
        { refused: (refusal) => setAsks(asksAfter(asks, refusal)) },
      )
      .finally(() => props.onBusy(false))
  }

  return (
    <form ref={attempt.form} className="entry-form" onSubmit={submit} data-testid="fallback-form">
      {!failure && !attempt.mistake && (
        <EntryMessage kind="info">
          <p>{t('signIn.fallbackIntro')}</p>
          <p>{t('signIn.fallbackLimits')}</p>
        </EntryMessage>
      )}
      <AttemptMessage attempt={attempt} calm={failure !== null && onlyAsks(failure)}>
        {failure?.code === 'session-elsewhere' && (
          <p>{mayTakeOver(failure.facts) ? t('signIn.takeOverHintFallback') : t('signIn.takeOverRefused')}</p>
        )}
      </AttemptMessage>
      <div className="field">
        <label htmlFor="fallback-login">{t('signIn.loginName')}</label>
        <input
          id="fallback-login"
          name="loginName"
          className="field-input"
          maxLength={40}
          autoComplete="off"
          spellCheck={false}
          disabled={busy}
          // biome-ignore lint/a11y/noAutofocus: the person has just asked for this form
          autoFocus
          onChange={(event) => setTypedName(event.currentTarget.value)}
          data-testid="login-name"
        />
      </div>
      <SecretField
        id="fallback-password"
        name="password"
        label={asks.newPassword ? t('account.oldPassword') : t('signIn.password')}
        maxLength={256}
        disabled={busy}
        invalid={failure?.code === 'credentials-wrong'}
      />
      {asks.newPassword && (
        <NewPasswordFields
          rules={passwordRules}
          owner={person}
          disabled={busy}
          invalid={failure?.code === 'password-unacceptable'}
        />
      )}
      <CodeField
        id="fallback-code"
        disabled={busy}
        invalid={failure?.code === 'credentials-wrong'}
        onFull={() => submitButton.current?.focus()}
      />
      <Button
        ref={submitButton}
        type="primary"
        htmlType="submit"
        loading={busy}
        disabled={heldOff}
        block
        data-testid={asks.takeOver ? 'take-over' : 'sign-in-fallback'}
      >
        {busy ? t('signIn.busy') : asks.takeOver ? t('signIn.takeOver') : t('signIn.submit')}
      </Button>
    </form>
  )
}
