import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { countdownText, useSecondsUntil } from './countdown.ts'
import { EntryMessage } from './entry-message.tsx'
import type { Attempt } from './use-attempt.ts'

/** What was wrong with the last try, in a sentence; `calm` for what is no mistake of the person's. */
export function AttemptMessage(props: {
  attempt: Pick<Attempt, 'failure' | 'mistake' | 'forget'>
  calm?: boolean
  children?: ReactNode
}) {
  const { failure, mistake } = props.attempt
  const sentence = useFailureSentence()
  if (mistake) return <EntryMessage kind="bad">{mistake}</EntryMessage>
  if (!failure) return null
  const retryAt = lockedUntil(failure)
  if (retryAt !== null) return <LockedOut retryAt={retryAt} onLifted={props.attempt.forget} />
  return (
    <EntryMessage kind={props.calm ? 'info' : 'bad'} code={failure.code}>
      <p>{sentence(failure)}</p>
      {props.children}
    </EntryMessage>
  )
}

/** Until when no try counts; null where nothing holds it off. */
export function lockedUntil(failure: Attempt['failure']): number | null {
  const retryAt = failure?.code === 'locked-out' ? failure.facts?.retryAt : undefined
  return typeof retryAt === 'number' ? retryAt : null
}

/** The window cannot know that the officer has lifted it: the person says so, and the gateway decides. */
function LockedOut({ retryAt, onLifted }: { retryAt: number; onLifted: () => void }) {
  const { t } = useTranslation()
  const seconds = useSecondsUntil(retryAt)
  if (seconds === 0) {
    return (
      <EntryMessage kind="info" code="locked-out-over">
        {t('entry.lockedOutOver')}
      </EntryMessage>
    )
  }
  return (
    <EntryMessage kind="bad" code="locked-out">
      <p>{t('entry.lockedOut')}</p>
      <p role="timer" className="entry-countdown">
        {t('entry.lockedOutWait')}
        <strong className="number" data-testid="countdown">
          {countdownText(seconds)}
        </strong>
      </p>
      <p className="quiet">{t('entry.lockedOutHint')}</p>
      <div className="entry-actions">
        <Button size="small" onClick={onLifted} data-testid="locked-out-retry">
          {t('entry.lockedOutLifted')}
        </Button>
      </div>
    </EntryMessage>
  )
}

/** Whether the last refusal holds further tries off for now. */
export function useHeldOff(failure: Attempt['failure']): boolean {
  return useSecondsUntil(lockedUntil(failure)) > 0
}
