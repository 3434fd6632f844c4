import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LanguageSwitch } from '../app/language-switch.tsx'
import { useAbout, useFollowedState } from '../bridge/index.ts'
import './entry-frame.css'

/** The plain, opaque page around enrolment, sign-in and unlock: a panel, and which workstation this is. */
export function EntryFrame({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation()
  const about = useAbout()
  const reachable = useFollowedState(
    'gateway',
    (event) => event.reachable,
    async () => null,
  )
  return (
    <div className="entry">
      <main className="entry-panel">
        <div className="entry-head">
          <span className="entry-mark">Vigil</span>
          {about?.demo && (
            <span className="demo-mark" title={t('app.demoHint')} data-testid="demo-mark">
              {t('app.demo')}
            </span>
          )}
          <span className="space" />
          <LanguageSwitch />
        </div>
        <h1>{title}</h1>
        {children}
      </main>
      <footer className="entry-foot">
        {about?.workstationName && <span>{t('app.workstation', { name: about.workstationName })}</span>}
        {about && <span>{t('app.version', { version: about.version })}</span>}
        {reachable === false && (
          <span
            className="gateway-state gateway-down"
            role="status"
            data-testid="gateway-state"
            data-reachable="false"
          >
            {t('app.gatewayDown')}
          </span>
        )}
      </footer>
    </div>
  )
}
