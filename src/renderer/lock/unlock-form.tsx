import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { unwrap, useBridge } from '../bridge/index.ts'
import { AttemptMessage, useHeldOff } from '../entry/attempt-message.tsx'
import { EntryMessage } from '../entry/entry-message.tsx'
import { readForm } from '../entry/secrets.ts'
import { useAttempt } from '../entry/use-attempt.ts'
import {
  type ChosenToken,
  choiceArguments,
  isConfirmed,
  LockedKeys,
  PinField,
  TokenPicker,
} from '../token/index.ts'

interface UnlockFormProps {
  token: ChosenToken
  /** The key is another person's, as the gateway found out. */
  onOther: () => void
}

/** The same person's key opens the session again. */
export function UnlockForm({ token, onOther }: UnlockFormProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const attempt = useAttempt()
  const { busy, failure } = attempt
  const heldOff = useHeldOff(failure)
  const { chosen } = token
  const key = chosen?.key ?? null
  const [tried, setTried] = useState<string | null>(null)

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy || heldOff) return
    const { pin } = readForm(event.currentTarget, 'pin')
    if (!chosen) return attempt.wrong(t(token.choices?.length ? 'token.choiceMissing' : 'token.none'))
    if (pin === '') return attempt.wrong(t('token.pinMissing'))
    if (!isConfirmed(event.currentTarget)) return attempt.wrong(t('token.finalTryMissing'))
    setTried(key)
    void attempt.run(() => unwrap(bridge.sessionUnlock({ ...choiceArguments(chosen), pin })))
  }

  return (
    <form ref={attempt.form} className="entry-form" onSubmit={submit} data-testid="unlock-form">
      {token.missing && token.choices?.length !== 0 && (
        <EntryMessage kind="info">{t('lock.keyMissing')}</EntryMessage>
      )}
      <TokenPicker token={token} disabled={busy} compact />
      <LockedKeys token={token} />
      <PinField
        id="unlock-pin"
        disabled={busy}
        invalid={failure?.code === 'pin-wrong'}
        tries={chosen?.token.pin}
        autoFocus
        onStep={token.step}
      />
      <AttemptMessage attempt={attempt}>
        {failure?.code === 'other-account' && tried === key && (
          <div className="entry-actions">
            <Button onClick={onOther} data-testid="other-switch">
              {t('lock.otherSwitch')}
            </Button>
          </div>
        )}
      </AttemptMessage>
      <Button
        type="primary"
        htmlType="submit"
        loading={busy}
        disabled={token.choices === null || heldOff}
        block
        data-testid="unlock"
      >
        {busy ? t('lock.busy') : t('lock.unlock')}
      </Button>
    </form>
  )
}
