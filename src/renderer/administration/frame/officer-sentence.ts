import { useTranslation } from 'react-i18next'
import type { Failure } from '../../../shared/errors/index.ts'
import { useFailureSentence } from '../../app/failure-notice.tsx'

type Look = (key: string, options: { defaultValue: string }) => string

/** What a failure means to an officer: a conflict by what it is over, anything else in its own sentence. */
export function useOfficerSentence(): (failure: Failure) => string {
  const { t } = useTranslation()
  const sentence = useFailureSentence()
  return (failure) => {
    const general = sentence(failure)
    const field = failure.facts?.field
    if (failure.code !== 'conflict' || typeof field !== 'string') return general
    return (t as unknown as Look)(`administration.conflict.${field}`, { defaultValue: general })
  }
}
