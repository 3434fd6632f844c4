import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { type Failure, failureOf } from '../../shared/errors/index.ts'
import { useClock } from '../bridge/index.ts'
import { failureSentence } from '../i18n/index.ts'

/** What a failure means, in a sentence. */
export function useFailureSentence(): (failure: Failure) => string {
  const { t } = useTranslation()
  const clock = useClock()
  return (failure) => failureSentence(t, failure, clock())
}

/** A region that could not be filled: what failed, why, and a way to try again. */
export function FailureNotice(props: { title: string; thrown: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const sentence = useFailureSentence()
  return (
    <div className="fill-message" role="alert" data-testid="failure" data-code={failureOf(props.thrown).code}>
      <strong>{props.title}</strong>
      <p>{sentence(failureOf(props.thrown))}</p>
      {props.onRetry && <Button onClick={props.onRetry}>{t('app.retry')}</Button>}
    </div>
  )
}
