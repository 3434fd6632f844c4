import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { unwrap, useBridge, useFollowedState } from '../bridge/index.ts'
import { EnrolmentScreen } from '../enrolment/enrolment-screen.tsx'
import { LockScreen } from '../lock/lock-screen.tsx'
import { SignInScreen } from '../sign-in/sign-in-screen.tsx'
import { Workspace } from './workspace.tsx'

/**
 * One screen for each phase. The workspace, and with it every query, image and report text, exists only while the
 * phase is `active`: any other phase unmounts it. What outlives a lock is the open study's UID alone, for the same session.
 */
export function Phases() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const state = useFollowedState(
    'state',
    (event) => event.state,
    () => unwrap(bridge.workstationState()),
  )
  const [openStudy, setOpenStudy] = useState<{ session: string; study: string | null } | null>(null)

  if (!state) return <div className="fill-message">{t('app.loading')}</div>
  switch (state.phase) {
    case 'not-enrolled':
      return <EnrolmentScreen />
    case 'signed-out':
      return <SignInScreen ended={state.ended} />
    case 'locked':
      return <LockScreen session={state.session} why={state.why} />
    case 'active': {
      const session = state.session
      return (
        <Workspace
          key={session.id}
          session={session}
          study={openStudy?.session === session.id ? openStudy.study : null}
          onStudy={(study) => setOpenStudy({ session: session.id, study })}
        />
      )
    }
  }
}
