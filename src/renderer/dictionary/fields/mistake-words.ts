import type { DictionaryProblem } from '../../../shared/dictionary/index.ts'
import type { Translate } from '../../i18n/index.ts'
import type { Mistake } from '../draft/mistakes.ts'

export function mistakeText(t: Translate, mistake: Mistake): string {
  return t(`dictionary.mistake.${mistake.kind}`, { limit: 'limit' in mistake ? mistake.limit : 0 })
}

export function problemText(t: Translate, { reason, value }: DictionaryProblem): string {
  if (reason === 'no-contact') {
    return t('dictionary.problem.no-contact', { value: t(`dictionary.recipients.${value as 'ward'}`) })
  }
  return t(`dictionary.problem.${reason}`, { value })
}
