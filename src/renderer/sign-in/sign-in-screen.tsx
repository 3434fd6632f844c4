import { Button } from 'antd'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Failure, failureOf } from '../../shared/errors/index.ts'
import type { WorkstationState } from '../../shared/ipc/index.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { unwrap, useBridge, useClock } from '../bridge/index.ts'
import { EntryFrame } from '../entry/entry-frame.tsx'
import { EntryMessage } from '../entry/entry-message.tsx'
import { choiceArguments, PinField, TokenPicker, useChosenToken } from '../token/index.ts'
import { endedSentence } from './ended-sentence.ts'

type Ended = Extract<WorkstationState, { phase: 'signed-out' }>['ended']

/** Sign-in by token and PIN; asks for the password where the gateway does, and for a takeover where the account is in use. */
export function SignInScreen({ ended }: { ended: Ended }) {
  const { t } = useTranslation()
  const clock = useClock()
  const bridge = useBridge()
  const token = useChosenToken()
  const pin = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [mistake, setMistake] = useState('')
  const [wantsPassword, setWantsPassword] = useState(false)
  const sentence = useFailureSentence()

  const signIn = async (takeOver: boolean) => {
    const typed = pin.current?.value ?? ''
    if (!token.chosen) return setMistake(t(token.choices?.length ? 'token.choiceMissing' : 'token.none'))
    if (typed === '') {
      pin.current?.focus()
      return setMistake(t('token.pinMissing'))
    }
    setMistake('')
    setFailure(null)
    setBusy(true)
    try {
      await unwrap(
        bridge.sessionSignIn({
          ...choiceArguments(token.chosen),
          pin: typed,
          ...(wantsPassword ? { password: password.current?.value ?? '' } : {}),
          takeOver,
        }),
      )
      token.remember()
      if (pin.current) pin.current.value = ''
    } catch (thrown) {
      refused(failureOf(thrown))
    } finally {
      setBusy(false)
    }
  }

  const refused = (answer: Failure) => {
    const asksPassword = answer.code === 'password-required' || answer.code === 'password-wrong'
    // The PIN stays for the second half of one sign-in (password, takeover); otherwise it goes at once.
    if (pin.current && !asksPassword && answer.code !== 'session-elsewhere') pin.current.value = ''
    if (password.current && answer.code === 'password-wrong') password.current.value = ''
    if (asksPassword) setWantsPassword(true)
    setFailure(answer)
  }

  // Once the fields are enabled again.
  useEffect(() => {
    if (busy || !failure) return
    const second = failure.code === 'password-required' || failure.code === 'password-wrong'
    const field = second ? password : pin
    field.current?.focus()
  }, [busy, failure])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) void signIn(false)
  }

  const why = ended && endedSentence(t, ended, clock())
  return (
    <EntryFrame title={t('signIn.title')}>
      {why && !failure && (
        <EntryMessage kind="info" code={ended.reason}>
          <p>{why}</p>
          <p className="quiet">{t('signIn.draftsSafe')}</p>
        </EntryMessage>
      )}
      <form className="entry-form" onSubmit={submit}>
        <TokenPicker token={token} disabled={busy} />
        <PinField
          id="sign-in-pin"
          ref={pin}
          disabled={busy}
          invalid={failure?.code === 'pin-wrong'}
          autoFocus
          onStep={token.step}
        />
        {wantsPassword && (
          <div className="field">
            <label htmlFor="sign-in-password">{t('signIn.password')}</label>
            <input
              id="sign-in-password"
              ref={password}
              type="password"
              className="field-input"
              autoComplete="off"
              maxLength={256}
              disabled={busy}
              data-testid="password"
            />
          </div>
        )}
        {mistake && <EntryMessage kind="bad">{mistake}</EntryMessage>}
        {failure && (
          <EntryMessage kind={failure.code === 'password-required' ? 'info' : 'bad'} code={failure.code}>
            <p>{sentence(failure)}</p>
            {/* The hospital's policy may refuse a takeover; then only the sentence stays. */}
            {failure.code === 'session-elsewhere' && failure.facts?.mayTakeOver !== false && (
              <>
                <p>{t('signIn.takeOverHint')}</p>
                <div className="entry-actions">
                  <Button onClick={() => void signIn(true)} data-testid="take-over">
                    {t('signIn.takeOver')}
                  </Button>
                  <Button type="text" onClick={() => setFailure(null)}>
                    {t('app.cancel')}
                  </Button>
                </div>
              </>
            )}
          </EntryMessage>
        )}
        <Button
          type="primary"
          htmlType="submit"
          loading={busy}
          disabled={token.choices === null}
          block
          data-testid="sign-in"
        >
          {busy ? t('signIn.busy') : t('signIn.submit')}
        </Button>
      </form>
    </EntryFrame>
  )
}
