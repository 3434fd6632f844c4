import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorkstationState } from '../../shared/ipc/index.ts'
import type { SessionView } from '../../shared/session/index.ts'
import { EntryFrame } from '../entry/entry-frame.tsx'
import { EntryMessage } from '../entry/entry-message.tsx'
import { KeyHelp, SignInPanel } from '../sign-in/sign-in-panel.tsx'
import { useChosenToken } from '../token/index.ts'
import { UnlockFallbackForm } from './unlock-fallback-form.tsx'
import { UnlockForm } from './unlock-form.tsx'
import { looksLikeAnothers } from './whose-key.ts'

type Why = Extract<WorkstationState, { phase: 'locked' }>['why']

/**
 * Opaque, and alone in the window. The same person opens it by a new proof; another person's sign-in replaces the session,
 * which stands until that has succeeded. Whoever has neither can end nothing here.
 */
export function LockScreen({ session, why }: { session: SessionView; why: Why }) {
  const { t } = useTranslation()
  const token = useChosenToken()
  /** What the person chose; until then the key decides. */
  const [chosenWay, setChosenWay] = useState<'unlock' | 'switch' | null>(null)
  const another = looksLikeAnothers(token.chosen, session, token.lastToken)
  const way = chosenWay ?? (another && session.factor === 'certificate' ? 'switch' : 'unlock')
  const name = session.displayName

  return (
    <EntryFrame title={way === 'switch' ? t('lock.switchTitle') : t('lock.title')}>
      <div data-testid="lock-screen" data-way={way}>
        <p className="entry-who">{t('lock.who', { name })}</p>
        <p className="quiet">{t(`lock.why.${why}`)}</p>
      </div>
      {way === 'switch' ? (
        <>
          <EntryMessage kind="info" code="switch-user">
            <p>{t('lock.switchWhat', { name })}</p>
            <p>{t('lock.switchSafe', { name })}</p>
          </EntryMessage>
          <SignInPanel token={token}>
            <Button
              type="link"
              size="small"
              onClick={() => setChosenWay('unlock')}
              data-testid="back-to-unlock"
            >
              {t('lock.backToUnlock', { name })}
            </Button>
          </SignInPanel>
        </>
      ) : (
        <>
          {session.factor === 'fallback' ? (
            <UnlockFallbackForm />
          ) : (
            <UnlockForm token={token} onOther={() => setChosenWay('switch')} />
          )}
          <div className="entry-ways">
            <Button type="link" size="small" onClick={() => setChosenWay('switch')} data-testid="switch-user">
              {t('lock.switchUser')}
            </Button>
          </div>
          <KeyHelp disabled={false} />
        </>
      )}
    </EntryFrame>
  )
}
