import { useTranslation } from 'react-i18next'
import type { AlertState } from '../../shared/alert/index.ts'
import { clockFace, dueOf, dueWords } from './due.ts'
import { useNow } from './now.tsx'
import './alerts.css'

/** What is waited for and how long there is left; what is past its time says so by a word and a mark, not by colour alone. */
export function Countdown({ state }: { state: AlertState }) {
  const { t } = useTranslation()
  const due = dueOf(state, useNow())
  if (due === null) return null
  const calm = due.awaited === 'close' || (due.awaited === 'check' && due.seconds > 0)
  const tone = due.late ? 'late' : calm ? 'calm' : due.seconds <= 60 ? 'soon' : 'running'
  return (
    <span
      className={`due due-${tone}`}
      title={due.late ? t('alerts.due.lateHint') : undefined}
      data-testid="due"
      data-late={due.late}
    >
      {due.late && <LateMark />}
      <span className="number">{dueWords(t, due)}</span>
      {due.late && (
        <span className="due-next number">
          {due.exhausted
            ? t('alerts.due.call')
            : due.seconds > 0 && t('alerts.due.nextHop', { left: clockFace(due.seconds) })}
        </span>
      )}
    </span>
  )
}

function LateMark() {
  return (
    <span className="late-mark" aria-hidden="true">
      !
    </span>
  )
}
