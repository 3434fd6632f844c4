import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { EarlierAlert } from '../../shared/alert/index.ts'
import { useClock } from '../bridge/index.ts'
import { sentenceTime } from '../i18n/index.ts'

interface EarlierQuestionProps {
  before: EarlierAlert
  typeName: string
  answered: boolean
  lacks: boolean
  disabled: boolean
  onAgain: () => void
  onNotAgain: (reason: string) => void
}

/** The patient's alert of the same type: nothing is sent a second time, or left out, without an answer. */
export function EarlierQuestion(props: EarlierQuestionProps) {
  const { before, typeName, answered, disabled } = props
  const { t } = useTranslation()
  const clock = useClock()
  const again = useRef<HTMLButtonElement>(null)
  const facts = {
    time: sentenceTime(before.raisedAt, clock()),
    type: typeName,
    name: before.raisedBy,
    state: t(`signOff.earlier.state.${before.state.status}`),
  }
  // The question has come up where one is at work: it is answered from there. Who is at work elsewhere keeps the focus.
  useEffect(() => {
    const item = again.current?.closest('[data-item]')
    if (!answered && item?.contains(document.activeElement)) again.current?.focus()
  }, [answered])
  if (answered) {
    return (
      <p className="earlier-answered" data-testid="earlier-answered">
        {t('signOff.earlier.answered', facts)}
      </p>
    )
  }
  return (
    <div
      className={props.lacks ? 'earlier earlier-lacks' : 'earlier'}
      role="alert"
      data-testid="earlier-question"
    >
      <p>{t('signOff.earlier.ask', facts)}</p>
      <Button
        ref={again}
        size="small"
        onClick={props.onAgain}
        disabled={disabled}
        data-testid="earlier-again"
      >
        {t('signOff.earlier.again')}
      </Button>
      <Button
        size="small"
        onClick={() => props.onNotAgain(t('signOff.earlier.reason', facts).slice(0, 200))}
        disabled={disabled}
        data-testid="earlier-not-again"
      >
        {t('signOff.earlier.notAgain')}
      </Button>
    </div>
  )
}
