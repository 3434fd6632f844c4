import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSignInRules } from '../entry/use-sign-in-rules.ts'
import { ChangePinDialog, type ChosenToken, TokenModulesDialog } from '../token/index.ts'
import { FallbackForm } from './fallback-form.tsx'
import { KeyForm } from './key-form.tsx'

/** The ways in: by key, or by what stands in for a lost one; and what helps when the key does not do. */
export function SignInPanel({ token, children }: { token: ChosenToken; children?: ReactNode }) {
  const { t } = useTranslation()
  const rules = useSignInRules()
  const [busy, setBusy] = useState(false)
  const [byFallback, setByFallback] = useState(false)
  const fallback = byFallback && rules?.fallback === true
  return (
    <>
      {fallback ? (
        <FallbackForm rules={rules} onBusy={setBusy} />
      ) : (
        <KeyForm token={token} rules={rules} onBusy={setBusy} />
      )}
      <div className="entry-ways">
        {fallback ? (
          <Button
            type="link"
            size="small"
            disabled={busy}
            onClick={() => setByFallback(false)}
            data-testid="by-key"
          >
            {t('signIn.byKey')}
          </Button>
        ) : (
          rules?.fallback && (
            <Button
              type="link"
              size="small"
              disabled={busy}
              onClick={() => setByFallback(true)}
              data-testid="by-fallback"
            >
              {t('signIn.byFallback')}
            </Button>
          )
        )}
        {children}
      </div>
      <KeyHelp disabled={busy} />
    </>
  )
}

/** What can be done about a key without signing in. */
export function KeyHelp({ disabled }: { disabled: boolean }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<'pin' | 'modules' | null>(null)
  const close = () => setShown(null)
  return (
    <div className="entry-help">
      <Button
        type="text"
        size="small"
        disabled={disabled}
        onClick={() => setShown('pin')}
        data-testid="change-pin-open"
      >
        {t('token.changePin.open')}
      </Button>
      <Button type="text" size="small" onClick={() => setShown('modules')} data-testid="token-modules-open">
        {t('token.modules.open')}
      </Button>
      <ChangePinDialog open={shown === 'pin'} onClose={close} />
      <TokenModulesDialog open={shown === 'modules'} onClose={close} />
    </div>
  )
}
