import { useQueryClient } from '@tanstack/react-query'
import { Button, QRCode } from 'antd'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OwnCredentials, TotpEnrolment } from '../../shared/api/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { AttemptMessage, useHeldOff } from '../entry/attempt-message.tsx'
import { CodeField } from '../entry/code-field.tsx'
import { Finished } from '../entry/finished.tsx'
import { SecretField } from '../entry/secret-field.tsx'
import { readForm } from '../entry/secrets.ts'
import { useAttempt } from '../entry/use-attempt.ts'
import { NoPassword } from './no-password.tsx'
import { secretGroups } from './secret-groups.ts'

/** An authenticator for the day that the key is lost: the password first, then the secret, then a code that proves it arrived. */
export function EnrolTotp({ own, onClose }: { own: OwnCredentials; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  /** Shown because it has to be; it goes with this dialog. */
  const [enrolment, setEnrolment] = useState<TotpEnrolment | 'done' | null>(null)
  if (!own.password) return <NoPassword onClose={onClose} />
  if (enrolment === null) return <Begin renewed={own.totpEnrolledAt !== null} onBegun={setEnrolment} />
  if (enrolment !== 'done') {
    return (
      <Confirm
        enrolment={enrolment}
        onDone={() => {
          setEnrolment('done')
          void queries.invalidateQueries({ queryKey: ['account'] })
        }}
      />
    )
  }
  return <Finished sentence={t('account.totpDone')} onClose={onClose} testId="totp-done" />
}

function Begin(props: { renewed: boolean; onBegun: (enrolment: TotpEnrolment) => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const attempt = useAttempt()
  const heldOff = useHeldOff(attempt.failure)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (attempt.busy || heldOff) return
    const { password } = readForm(event.currentTarget, 'password')
    if (password === '') return attempt.wrong(t('signIn.passwordMissing'))
    void attempt.run(async () => props.onBegun(await unwrap(bridge.accountBeginTotp({ password }))))
  }
  return (
    <form ref={attempt.form} className="entry-form" onSubmit={submit} data-testid="totp-begin">
      <p>{t('account.totpIntro')}</p>
      {props.renewed && <p className="quiet">{t('account.totpReplaces')}</p>}
      <SecretField
        id="totp-password"
        name="password"
        label={t('signIn.password')}
        maxLength={256}
        disabled={attempt.busy}
        invalid={attempt.failure?.code === 'password-wrong'}
        autoFocus
      />
      <AttemptMessage attempt={attempt} />
      <Button
        type="primary"
        htmlType="submit"
        loading={attempt.busy}
        disabled={heldOff}
        block
        data-testid="totp-next"
      >
        {t('account.next')}
      </Button>
    </form>
  )
}

function Confirm({ enrolment, onDone }: { enrolment: TotpEnrolment; onDone: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const attempt = useAttempt()
  const submitButton = useRef<HTMLButtonElement>(null)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (attempt.busy) return
    const { code } = readForm(event.currentTarget, 'code')
    if (code.length !== 6) return attempt.wrong(t('entry.codeMissing'))
    void attempt.run(() => unwrap(bridge.accountConfirmTotp({ code })), { done: onDone })
  }
  return (
    <form ref={attempt.form} className="entry-form" onSubmit={submit} data-testid="totp-confirm">
      <p>{t('account.totpScan')}</p>
      <div className="totp-secret">
        <QRCode
          type="svg"
          value={enrolment.uri}
          size={192}
          color="#000000"
          bgColor="#ffffff"
          bordered={false}
        />
        <div>
          <p className="quiet">{t('account.totpType')}</p>
          <p className="totp-groups" data-testid="totp-groups">
            {secretGroups(enrolment.secret)}
          </p>
        </div>
      </div>
      <CodeField
        id="totp-code"
        disabled={attempt.busy}
        invalid={attempt.failure?.code === 'totp-code-wrong'}
        hint={t('account.totpCodeHint')}
        onFull={() => submitButton.current?.focus()}
        autoFocus
      />
      <AttemptMessage attempt={attempt} />
      <Button
        ref={submitButton}
        type="primary"
        htmlType="submit"
        loading={attempt.busy}
        block
        data-testid="totp-submit"
      >
        {t('account.totpConfirm')}
      </Button>
    </form>
  )
}
