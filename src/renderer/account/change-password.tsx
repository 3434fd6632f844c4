import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OwnCredentials } from '../../shared/api/index.ts'
import { useSession } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { AttemptMessage, useHeldOff } from '../entry/attempt-message.tsx'
import { Finished } from '../entry/finished.tsx'
import { SecretField } from '../entry/secret-field.tsx'
import { readForm } from '../entry/secrets.ts'
import { useAttempt } from '../entry/use-attempt.ts'
import { useSignInRules } from '../entry/use-sign-in-rules.ts'
import { dateOf } from '../i18n/index.ts'
import { NewPasswordFields } from './new-password-fields.tsx'
import { NoPassword } from './no-password.tsx'
import { knownRules, newPasswordMistake } from './password-hints.ts'

/** A new password for the person who is signed in. */
export function ChangePassword({ own, onClose }: { own: OwnCredentials; onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const queries = useQueryClient()
  const { loginName, displayName } = useSession()
  const attempt = useAttempt()
  const { busy, failure } = attempt
  const heldOff = useHeldOff(failure)
  const [done, setDone] = useState(false)
  const rules = knownRules(useSignInRules(), failure)
  const owner = { loginName, displayName, staffNumber: '' }

  if (done) {
    return (
      <Finished sentence={t('account.passwordChanged')} onClose={onClose} testId="change-password-done" />
    )
  }
  if (!own.password) return <NoPassword onClose={onClose} />

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy || heldOff) return
    const typed = readForm(event.currentTarget, 'password', 'newPassword', 'newPasswordAgain')
    const { password, newPassword } = typed
    if (password === '') return attempt.wrong(t('account.mistakes.old'))
    const mistake = newPasswordMistake(typed, rules, owner)
    if (mistake) return attempt.wrong(t(`account.mistakes.${mistake}`))
    void attempt.run(() => unwrap(bridge.accountChangePassword({ password, newPassword })), {
      done: () => {
        setDone(true)
        void queries.invalidateQueries({ queryKey: ['account'] })
      },
    })
  }

  return (
    <form ref={attempt.form} className="entry-form" onSubmit={submit} data-testid="change-password">
      <p className="quiet">{t('account.passwordUntil', { date: dateOf(own.password.expiresAt) })}</p>
      <SecretField
        id="own-password"
        name="password"
        label={t('account.oldPassword')}
        maxLength={256}
        disabled={busy}
        invalid={failure?.code === 'password-wrong'}
        autoFocus
      />
      <NewPasswordFields
        rules={rules}
        owner={owner}
        disabled={busy}
        invalid={failure?.code === 'password-unacceptable'}
      />
      <AttemptMessage attempt={attempt} />
      <Button
        type="primary"
        htmlType="submit"
        loading={busy}
        disabled={heldOff}
        block
        data-testid="change-password-submit"
      >
        {busy ? t('account.changing') : t('account.menu.password')}
      </Button>
    </form>
  )
}
