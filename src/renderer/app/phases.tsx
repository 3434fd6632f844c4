import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Notice } from '../account/session-notices.tsx'
import { LockedAttention } from '../alerts/attention/locked-attention.tsx'
import { AttentionContext, useAttentionMemory } from '../alerts/attention/memory.ts'
import { unwrap, useBridge, useFollowedState } from '../bridge/index.ts'
import { EnrolmentScreen } from '../enrolment/enrolment-screen.tsx'
import { LockScreen } from '../lock/lock-screen.tsx'
import { useSessionMemories, ViewerMemoriesContext } from '../reading/viewer-memories.ts'
import { SignInScreen } from '../sign-in/sign-in-screen.tsx'
import type { ClaimedByOther } from '../worklist/read-only-exam.tsx'
import { Workspace } from './workspace.tsx'

interface Kept {
  session: string
  study: string | null
  /** Whose claim makes that study one to look at only. */
  readOnly: ClaimedByOther | null
  seen: readonly Notice[]
}

const nothingKept: Kept = { session: '', study: null, readOnly: null, seen: [] }

/**
 * One screen for each phase. The workspace, and with it every query, image and report text, exists only while the
 * phase is `active`: any other phase unmounts it. What outlives a lock, for the same session, is the open study's
 * UID and whether it was opened to look at only, which notices have been put away, and how the images were laid out
 * and measured.
 */
export function Phases() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const state = useFollowedState(
    'state',
    (event) => event.state,
    () => unwrap(bridge.workstationState()),
  )
  const attention = useAttentionMemory(state && 'session' in state ? state.session.id : null)
  const [kept, setKept] = useState<Kept>(nothingKept)
  const memories = useSessionMemories(state && 'session' in state ? state.session.id : null)

  if (!state) return <div className="fill-message">{t('app.loading')}</div>
  switch (state.phase) {
    case 'not-enrolled':
      return <EnrolmentScreen />
    case 'signed-out':
      return <SignInScreen ended={state.ended} />
    case 'locked':
      return (
        <AttentionContext value={attention}>
          <LockedAttention />
          <LockScreen session={state.session} why={state.why} />
        </AttentionContext>
      )
    case 'active': {
      const session = state.session
      const mineOf = (all: Kept) =>
        all.session === session.id ? all : { ...nothingKept, session: session.id }
      const mine = mineOf(kept)
      return (
        <AttentionContext value={attention}>
          <ViewerMemoriesContext value={memories}>
            <Workspace
              key={session.id}
              session={session}
              study={mine.study}
              readOnly={mine.readOnly}
              onStudy={(study, readOnly = null) => setKept((all) => ({ ...mineOf(all), study, readOnly }))}
              seen={mine.seen}
              onSeen={(notice) => setKept((all) => ({ ...mineOf(all), seen: [...mineOf(all).seen, notice] }))}
            />
          </ViewerMemoriesContext>
        </AttentionContext>
      )
    }
  }
}
