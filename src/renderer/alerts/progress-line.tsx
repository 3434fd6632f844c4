import { useTranslation } from 'react-i18next'
import type { AlertState, RecordedEvent } from '../../shared/alert/index.ts'
import { useClock } from '../bridge/index.ts'
import { sentenceTime, type Translate } from '../i18n/index.ts'
import { clinicianText } from './event-words.ts'
import { progressOf, type Step } from './progress.ts'
import './alerts.css'

interface ProgressLineProps {
  state: AlertState
  /** With these each station says who, when and what. */
  events?: readonly RecordedEvent[]
}

/** 已发送 → 已送达 → 已接收 → 已处置 → 已闭环, as far as it came. */
export function ProgressLine({ state, events }: ProgressLineProps) {
  const { t } = useTranslation()
  return (
    <ol
      className={events ? 'progress progress-full' : 'progress'}
      aria-label={t('alerts.progress')}
      data-testid="progress"
      data-status={state.status}
    >
      {progressOf(state, events).map((step) => (
        <Station key={step.name} step={step} full={events !== undefined} />
      ))}
    </ol>
  )
}

function Station({ step, full }: { step: Step; full: boolean }) {
  const { t } = useTranslation()
  const now = useClock()()
  const { name, mark, at } = step
  return (
    <li className={`step step-${mark}`} data-step={name} data-mark={mark}>
      <span className="step-name">
        <span className="step-dot" aria-hidden="true" />
        {stationName(t, step)}
        <span className="hidden-words">{t(`alerts.mark.${mark}`)}</span>
      </span>
      {full && (
        <span className="step-facts">
          {at !== null && <span className="number">{sentenceTime(at, now)}</span>}
          {factWords(t, step).map((fact) => (
            <span key={fact} className="step-fact" title={fact}>
              {fact}
            </span>
          ))}
        </span>
      )}
    </li>
  )
}

function stationName(t: Translate, { name, mark }: Step): string {
  if (mark === 'failed') return t('alerts.refusedStep')
  if (name === 'check' && mark === 'skipped') return t('alerts.unchecked')
  return t(`${mark === 'done' ? 'alerts.step' : 'alerts.stepAwaited'}.${name}` as 'alerts.step.sent')
}

function factWords(t: Translate, { fact }: Step): string[] {
  switch (fact?.kind) {
    case 'checked':
      return [t(fact.twice ? 'alerts.fact.checkedTwice' : 'alerts.fact.checked', { name: fact.by })]
    case 'unchecked':
      return [t('alerts.fact.unchecked')]
    case 'received':
      return [
        [fact.phone ? t('alerts.fact.phone') : '', clinicianText(t, { name: fact.by, role: fact.role })]
          .filter(Boolean)
          .join(' '),
        t(fact.readBack ? 'alerts.readBack.yes' : 'alerts.readBack.no'),
      ]
    case 'handled':
      return [fact.by, fact.measure].filter(Boolean)
    case 'closed':
      return [fact.by ?? t('alerts.fact.byItself')]
    case 'withdrawn':
      return [fact.by]
    default:
      return []
  }
}
