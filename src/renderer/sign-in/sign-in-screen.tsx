import { useTranslation } from 'react-i18next'
import type { WorkstationState } from '../../shared/ipc/index.ts'
import { useClock } from '../bridge/index.ts'
import { EntryFrame } from '../entry/entry-frame.tsx'
import { EntryMessage } from '../entry/entry-message.tsx'
import { useChosenToken } from '../token/index.ts'
import { endedSentence } from './ended-sentence.ts'
import { SignInPanel } from './sign-in-panel.tsx'

type Ended = Extract<WorkstationState, { phase: 'signed-out' }>['ended']

/** Nobody is signed in: why the last session is over, and the ways in. */
export function SignInScreen({ ended }: { ended: Ended }) {
  const { t } = useTranslation()
  const clock = useClock()
  const token = useChosenToken()
  const why = ended && endedSentence(t, ended, clock())
  return (
    <EntryFrame title={t('signIn.title')}>
      {why && (
        <EntryMessage kind="info" code={ended.reason}>
          <p>{why}</p>
          {ended.reason !== 'bootstrap-done' && <p className="quiet">{t('signIn.draftsSafe')}</p>}
        </EntryMessage>
      )}
      <SignInPanel token={token} />
    </EntryFrame>
  )
}
