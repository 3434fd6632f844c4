import { Button } from 'antd'
import { type FormEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { unwrap, useBridge } from '../bridge/index.ts'
import { AttemptMessage, useHeldOff } from '../entry/attempt-message.tsx'
import { CodeField } from '../entry/code-field.tsx'
import { SecretField } from '../entry/secret-field.tsx'
import { readForm } from '../entry/secrets.ts'
import { useAttempt } from '../entry/use-attempt.ts'

/** A session that began without a key opens again as it began: by password and code. */
export function UnlockFallbackForm() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const attempt = useAttempt()
  const { busy, failure } = attempt
  const heldOff = useHeldOff(failure)
  const submitButton = useRef<HTMLButtonElement>(null)

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy || heldOff) return
    const { password, code } = readForm(event.currentTarget, 'password', 'code')
    if (password === '') return attempt.wrong(t('signIn.passwordMissing'))
    if (code.length !== 6) return attempt.wrong(t('entry.codeMissing'))
    void attempt.run(() => unwrap(bridge.sessionUnlockFallback({ password, code })))
  }

  const invalid = failure?.code === 'credentials-wrong'
  return (
    <form ref={attempt.form} className="entry-form" onSubmit={submit} data-testid="unlock-fallback-form">
      <SecretField
        id="unlock-password"
        name="password"
        label={t('signIn.password')}
        maxLength={256}
        disabled={busy}
        invalid={invalid}
        autoFocus
      />
      <CodeField
        id="unlock-code"
        disabled={busy}
        invalid={invalid}
        hint={t('entry.codeOnce')}
        onFull={() => submitButton.current?.focus()}
      />
      <AttemptMessage attempt={attempt} />
      <Button
        ref={submitButton}
        type="primary"
        htmlType="submit"
        loading={busy}
        disabled={heldOff}
        block
        data-testid="unlock"
      >
        {busy ? t('lock.busy') : t('lock.unlock')}
      </Button>
    </form>
  )
}
