import { useTranslation } from 'react-i18next'
import type { RuleChanges } from '../../../shared/access/index.ts'
import { changeWords } from './rule-words.ts'

export function RuleChangeList({ changes }: { changes: RuleChanges }) {
  const { t } = useTranslation()
  const words = changeWords(t, changes)
  if (words.length === 0) return <span className="quiet">{t('labels.history.same')}</span>
  return (
    <ul className="rule-changes" data-testid="rule-changes">
      {words.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
