import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SignInRules } from '../../shared/api/index.ts'
import type { PasswordOwner } from '../../shared/credentials/index.ts'
import { NewPasswordFields } from '../account/new-password-fields.tsx'
import { knownRules, newPasswordMistake } from '../account/password-hints.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { AttemptMessage, useHeldOff } from '../entry/attempt-message.tsx'
import { SecretField } from '../entry/secret-field.tsx'
import { readForm } from '../entry/secrets.ts'
import { useAttempt } from '../entry/use-attempt.ts'
import {
  type ChosenToken,
  choiceArguments,
  commonName,
  isConfirmed,
  LockedKeys,
  PinField,
  TokenPicker,
} from '../token/index.ts'
import { type Asks, asksAfter, asksNothing, mayTakeOver, onlyAsks } from './asks.ts'
import { readBindingCode } from './binding-code.ts'
import { BindingCodeField } from './binding-code-field.tsx'

interface KeyFormProps {
  token: ChosenToken
  rules: SignInRules | null
  /** Nothing else may be begun meanwhile. */
  onBusy: (busy: boolean) => void
}

/** Sign-in by a key and its PIN, and by whatever else the gateway asks for on the way. Each try signs anew and takes its PIN. */
export function KeyForm({ token, rules, onBusy }: KeyFormProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const attempt = useAttempt()
  const { busy, failure } = attempt
  const heldOff = useHeldOff(failure)
  const [asks, setAsks] = useState<Asks>(asksNothing)
  const [owner, setOwner] = useState(token.chosen?.key ?? null)
  const key = token.chosen?.key ?? null
  // What was asked of one key's owner is not asked of another's. A key that is only gone may come back.
  if (key !== null && key !== owner && !busy) {
    setOwner(key)
    setAsks(asksNothing)
    attempt.forget()
  }
  const { chosen } = token
  const asksPassword = !asks.noPassword && (rules?.password === true || asks.password)
  const passwordRules = knownRules(rules, failure)
  const person: PasswordOwner = {
    loginName: '',
    displayName: chosen?.certificate ? commonName(chosen.certificate.subject) : '',
    staffNumber: '',
  }

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy || heldOff) return
    const form = event.currentTarget
    const typed = readForm(form, 'pin', 'password', 'newPassword', 'newPasswordAgain', 'bindingCode')
    const bindingCode = asks.bindingCode ? readBindingCode(typed.bindingCode) : null
    const mistake = asks.newPassword ? newPasswordMistake(typed, passwordRules, person) : null
    if (!chosen) return attempt.wrong(t(token.choices?.length ? 'token.choiceMissing' : 'token.none'))
    if (typed.pin === '') return attempt.wrong(t('token.pinMissing'))
    // Until the gateway asks for it, it may be left empty: who never had one is let choose.
    if (asks.password && typed.password === '') return attempt.wrong(t('signIn.passwordMissing'))
    if (mistake) return attempt.wrong(t(`account.mistakes.${mistake}`))
    if (asks.bindingCode && bindingCode === null) return attempt.wrong(t('signIn.bindingCodeMalformed'))
    if (!isConfirmed(form)) return attempt.wrong(t('token.finalTryMissing'))
    onBusy(true)
    void attempt
      .run(
        () =>
          unwrap(
            bridge.sessionSignIn({
              ...choiceArguments(chosen),
              pin: typed.pin,
              ...(asksPassword && typed.password !== '' ? { password: typed.password } : {}),
              ...(asks.newPassword ? { newPassword: typed.newPassword } : {}),
              ...(bindingCode === null ? {} : { bindingCode }),
              takeOver: asks.takeOver,
            }),
          ),
        { done: token.remember, refused: (refusal) => setAsks(asksAfter(asks, refusal)) },
      )
      .finally(() => onBusy(false))
  }

  const elsewhere = failure?.code === 'session-elsewhere'
  const submitText = asks.takeOver ? t('signIn.takeOver') : t('signIn.submit')
  return (
    <form ref={attempt.form} className="entry-form" onSubmit={submit} data-testid="key-form">
      <TokenPicker token={token} disabled={busy} />
      <LockedKeys token={token} />
      <AttemptMessage attempt={attempt} calm={failure !== null && onlyAsks(failure)}>
        {elsewhere && (
          <p>{mayTakeOver(failure.facts) ? t('signIn.takeOverHint') : t('signIn.takeOverRefused')}</p>
        )}
      </AttemptMessage>
      <PinField
        id="sign-in-pin"
        disabled={busy}
        invalid={failure?.code === 'pin-wrong'}
        tries={chosen?.token.pin}
        autoFocus
        onStep={token.step}
      />
      {asksPassword && (
        <SecretField
          id="sign-in-password"
          name="password"
          label={asks.newPassword ? t('account.oldPassword') : t('signIn.password')}
          maxLength={256}
          disabled={busy}
          invalid={failure?.code === 'password-wrong'}
          hint={asks.password ? undefined : t('signIn.passwordFirst')}
        />
      )}
      {asks.newPassword && (
        <NewPasswordFields
          rules={passwordRules}
          owner={person}
          disabled={busy}
          invalid={failure?.code === 'password-unacceptable'}
        />
      )}
      {asks.bindingCode && (
        <BindingCodeField disabled={busy} invalid={failure?.code === 'binding-code-invalid'} />
      )}
      <Button
        type="primary"
        htmlType="submit"
        loading={busy}
        disabled={token.choices === null || heldOff}
        block
        data-testid={asks.takeOver ? 'take-over' : 'sign-in'}
      >
        {busy ? t('signIn.busy') : submitText}
      </Button>
      {asks.takeOver && (
        <Button
          type="text"
          block
          disabled={busy}
          onClick={() => {
            setAsks({ ...asks, takeOver: false })
            attempt.forget()
          }}
          data-testid="take-over-cancel"
        >
          {t('signIn.takeOverCancel')}
        </Button>
      )}
    </form>
  )
}
