import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorFacts } from '../../shared/errors/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { AttemptMessage } from '../entry/attempt-message.tsx'
import { EntryMessage } from '../entry/entry-message.tsx'
import { Finished } from '../entry/finished.tsx'
import { SecretField } from '../entry/secret-field.tsx'
import { readForm } from '../entry/secrets.ts'
import { useAttempt } from '../entry/use-attempt.ts'
import { LockedKeys } from './locked-keys.tsx'
import { newPinMistake } from './new-pin.ts'
import { isConfirmed, PinField } from './pin-field.tsx'
import { TokenPicker } from './token-picker.tsx'
import { useChosenToken } from './use-chosen-token.ts'

/** A new PIN for a key that is plugged in. The key itself decides; neither PIN leaves this workstation. */
export function ChangePinDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal
      open={open}
      onCancel={onClose}
      title={t('token.changePin.title')}
      footer={null}
      width={440}
      centered
      destroyOnHidden
      mask={{ closable: false }}
    >
      <ChangePin onClose={onClose} />
    </Modal>
  )
}

function ChangePin({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const token = useChosenToken()
  const attempt = useAttempt()
  const [done, setDone] = useState(false)
  const [bounds, setBounds] = useState<{ minLength?: number; maxLength?: number }>({})
  const { busy, failure } = attempt

  if (done) {
    return <Finished sentence={t('token.changePin.done')} onClose={onClose} testId="change-pin-done" />
  }

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy) return
    if (!token.chosen) return attempt.wrong(t(token.choices?.length ? 'token.choiceMissing' : 'token.none'))
    const typed = readForm(event.currentTarget, 'pin', 'newPin', 'newPinAgain')
    const mistake = newPinMistake(typed, bounds)
    if (mistake) return attempt.wrong(t(`token.changePin.${mistake}`, lengths(bounds)))
    if (!isConfirmed(event.currentTarget)) return attempt.wrong(t('token.finalTryMissing'))
    const { pin, newPin } = typed
    const { id: tokenId } = token.chosen.token
    void attempt.run(() => unwrap(bridge.tokensChangePin({ tokenId, pin, newPin })), {
      done: () => setDone(true),
      refused: ({ code, facts = {} }) => {
        if (code === 'pin-unacceptable') setBounds(boundsOf(facts))
      },
    })
  }

  const isFile = token.chosen?.token.kind === 'pkcs12'
  return (
    <form ref={attempt.form} className="entry-form" onSubmit={submit} data-testid="change-pin">
      <TokenPicker token={token} disabled={busy} />
      <LockedKeys token={token} />
      {isFile ? (
        <EntryMessage kind="info" code="pin-change-unsupported">
          {t('token.changePin.file')}
        </EntryMessage>
      ) : (
        <>
          <PinField
            id="change-pin-old"
            label={t('token.changePin.old')}
            disabled={busy}
            invalid={failure?.code === 'pin-wrong'}
            tries={token.chosen?.token.pin}
            onStep={token.step}
            autoFocus
          />
          <SecretField
            id="change-pin-new"
            name="newPin"
            label={t('token.changePin.new')}
            maxLength={64}
            disabled={busy}
            invalid={failure?.code === 'pin-unacceptable'}
            hint={
              bounds.minLength === undefined || bounds.maxLength === undefined
                ? t('token.changePin.hint')
                : t('token.changePin.length', lengths(bounds))
            }
          />
          <SecretField
            id="change-pin-again"
            name="newPinAgain"
            label={t('token.changePin.again')}
            maxLength={64}
            disabled={busy}
          />
          <AttemptMessage attempt={attempt} />
          <Button
            type="primary"
            htmlType="submit"
            loading={busy}
            disabled={!token.chosen}
            block
            data-testid="change-pin-submit"
          >
            {busy ? t('token.changePin.busy') : t('token.changePin.submit')}
          </Button>
        </>
      )}
    </form>
  )
}

function boundsOf({ minLength, maxLength }: ErrorFacts) {
  return {
    ...(typeof minLength === 'number' ? { minLength } : {}),
    ...(typeof maxLength === 'number' ? { maxLength } : {}),
  }
}

const lengths = ({ minLength = 1, maxLength = 64 }) => ({ minLength, maxLength })
