import { App, Button } from 'antd'
import { createContext, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { failureOf } from '../../shared/errors/index.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { unwrap, useBridge, useClock } from '../bridge/index.ts'
import { sentenceTime } from '../i18n/index.ts'

/** Who has claimed an exam, and since when (epoch ms). */
export interface ClaimedByOther {
  name: string
  since: number
}

/** An exam that was opened to look at only, as another has claimed it: what one writes would take it from them. */
export interface ReadOnlyExam extends ClaimedByOther {
  study: string
  /** It is this person's to write from now on. */
  onTaken: () => void
}

export const ReadOnlyExamContext = createContext<ReadOnlyExam | null>(null)

/** Null where the exam was opened to be written. */
export function useReadOnlyExam(study: string): ReadOnlyExam | null {
  const exam = useContext(ReadOnlyExamContext)
  return exam?.study === study ? exam : null
}

/** Says above a report why it is not written here, with the way to take it over. */
export function ReadOnlyBanner({ exam }: { exam: ReadOnlyExam }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const clock = useClock()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  async function takeOver() {
    try {
      await unwrap(bridge.studyClaim({ study: exam.study, takeOver: true }))
      exam.onTaken()
    } catch (thrown) {
      void message.error(sentence(failureOf(thrown)))
    }
  }
  return (
    <div className="notice notice-info" role="status" data-testid="read-only-exam">
      <span>
        {t('worklistRoom.claimedBy', { name: exam.name, time: sentenceTime(exam.since, clock()) })}
        {t('worklistRoom.lookingOnly')}
      </span>
      <span className="space" />
      <Button
        size="small"
        onClick={() => void takeOver()}
        title={t('worklistRoom.claimedHint')}
        data-testid="take-over"
      >
        {t('worklistRoom.takeOver')}
      </Button>
    </div>
  )
}
