import { Button, Popconfirm } from 'antd'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Failure, failureOf } from '../../shared/errors/index.ts'
import type { WorkstationState } from '../../shared/ipc/index.ts'
import type { SessionView } from '../../shared/session/index.ts'
import type { DataAttributes } from '../app/data-attributes.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { unwrap, useBridge } from '../bridge/index.ts'
import { EntryFrame } from '../entry/entry-frame.tsx'
import { EntryMessage } from '../entry/entry-message.tsx'
import { choiceArguments, PinField, TokenPicker, useChosenToken } from '../token/index.ts'

type Why = Extract<WorkstationState, { phase: 'locked' }>['why']

/** Opaque, and alone in the window. Opens by a new token signature of the same person; another person ends this session first. */
export function LockScreen({ session, why }: { session: SessionView; why: Why }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const token = useChosenToken()
  const pin = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [mistake, setMistake] = useState('')
  const sentence = useFailureSentence()

  // Once the field is enabled again.
  useEffect(() => {
    if (!busy && failure) pin.current?.focus()
  }, [busy, failure])

  const unlock = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const typed = pin.current?.value ?? ''
    if (!token.chosen) return setMistake(t(token.choices?.length ? 'token.choiceMissing' : 'token.none'))
    if (typed === '') return setMistake(t('token.pinMissing'))
    setMistake('')
    setFailure(null)
    setBusy(true)
    try {
      await unwrap(bridge.sessionUnlock({ ...choiceArguments(token.chosen), pin: typed }))
    } catch (thrown) {
      setFailure(failureOf(thrown))
    } finally {
      if (pin.current) pin.current.value = ''
      setBusy(false)
    }
  }

  return (
    <EntryFrame title={t('lock.title')}>
      <div data-testid="lock-screen">
        <p>{t('lock.who', { name: session.displayName })}</p>
        <p className="quiet">{t(`lock.why.${why}`)}</p>
      </div>
      <form className="entry-form" onSubmit={(event) => void unlock(event)}>
        {token.missing && token.choices?.length !== 0 && (
          <EntryMessage kind="info">{t('lock.keyMissing')}</EntryMessage>
        )}
        <TokenPicker token={token} disabled={busy} compact />
        <PinField
          id="unlock-pin"
          ref={pin}
          disabled={busy}
          invalid={failure?.code === 'pin-wrong'}
          autoFocus
        />
        {mistake && <EntryMessage kind="bad">{mistake}</EntryMessage>}
        {failure && (
          <EntryMessage kind="bad" code={failure.code}>
            {sentence(failure)}
          </EntryMessage>
        )}
        <Button
          type="primary"
          htmlType="submit"
          loading={busy}
          disabled={token.choices === null}
          block
          data-testid="unlock"
        >
          {busy ? t('lock.busy') : t('lock.unlock')}
        </Button>
        <Popconfirm
          title={t('lock.switchUserAsk', { name: session.displayName })}
          okText={t('lock.switchUserConfirm')}
          okButtonProps={{ 'data-testid': 'switch-user-confirm' } as DataAttributes}
          onConfirm={() => void bridge.sessionSignOut()}
        >
          <Button type="text" block disabled={busy} data-testid="switch-user">
            {t('lock.switchUser')}
          </Button>
        </Popconfirm>
      </form>
    </EntryFrame>
  )
}
